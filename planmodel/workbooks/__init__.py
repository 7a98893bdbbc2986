"""Plans as workbooks: written to be filled in, and read back with the checks of the CSV files."""

from planmodel.workbooks.form import plan_workbook
from planmodel.workbooks.updating import Imported, import_workbook

__all__ = ["Imported", "import_workbook", "plan_workbook"]
