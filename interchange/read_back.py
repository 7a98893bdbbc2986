"""Read exports with pyam and pysdmx, say what they found, and write what pyam read.

Run by tests/test_interchange_readers.py in an environment that has these two and not planmodel:
python read_back.py FOLDER, with iamc.csv, iamc-meta.csv, iamc.xlsx, sdmx.csv and sdmx-structure.json in the folder.
"""

import json
import sys
from pathlib import Path

import pyam
from pysdmx.io import get_datasets
from pysdmx.io.json.sdmxjson2.reader.structure import read as read_structure


def read_iamc(folder: Path) -> dict:
    frame = pyam.IamDataFrame(folder / "iamc.csv")
    frame.load_meta(folder / "iamc-meta.csv")
    frame.to_csv(folder / "pyam.csv")
    frame.to_excel(folder / "pyam.xlsx")
    again = pyam.IamDataFrame(folder / "pyam.xlsx")
    workbook = pyam.IamDataFrame(folder / "iamc.xlsx")
    medians = frame.filter(variable="*|Fan|*|Quantile 0.5")
    meta = frame.meta.reset_index()
    return {
        "model": frame.model,
        "scenario": frame.scenario,
        "region": frame.region,
        "variable": frame.variable,
        "unit": frame.unit,
        "years": [int(year) for year in frame.year],
        "rows": len(frame.timeseries()),
        "medians": medians.variable,
        "meta": json.loads(meta.to_json(orient="records", double_precision=15)),
        "meta_of_excel_is_the_same": sorted(again.meta.columns) == sorted(frame.meta.columns),
        "workbook_is_the_same": workbook.equals(frame),
        "excel_is_the_same": again.equals(frame),
    }


def read_sdmx(folder: Path) -> dict:
    text = (folder / "sdmx-structure.json").read_text(encoding="utf-8")
    message = read_structure(text, validate=True)
    (structure,) = message.get_data_structure_definitions()
    (data,) = get_datasets(folder / "sdmx.csv", folder / "sdmx-structure.json")
    table = data.data
    coded = {c.id: {code.id for code in c.local_codes} for c in structure.components if c.local_codes}
    dimensions = [c.id for c in structure.components if c.role.name == "DIMENSION"]
    return {
        "structure": f"{structure.agency}:{structure.id}({structure.version})",
        "components": [c.id for c in structure.components],
        "dimensions": dimensions,
        "columns": list(table.columns),
        "rows": len(table),
        "repeated_keys": int(table.duplicated(dimensions).sum()),
        "unknown_codes": {
            name: sorted(set(table[name].dropna()) - codes - {""})
            for name, codes in coded.items()
            if set(table[name].dropna()) - codes - {""}
        },
        "sum": float(table["OBS_VALUE"].dropna().astype(float).sum()),
    }


if __name__ == "__main__":
    place = Path(sys.argv[1])
    print(json.dumps({"iamc": read_iamc(place), "sdmx": read_sdmx(place)}, ensure_ascii=False))
