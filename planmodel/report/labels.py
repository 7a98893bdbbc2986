"""The pages' own words in both languages; words of the field are in planmodel.words."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, tuple[str, str]] = {
    "code": ("代码", "Code"),
    "messages": ("运行信息", "Messages"),
    "chart": ("图", "Chart"),
    "table": ("表格，可左右滚动", "Table, scrolls sideways"),
    "skip": ("跳到正文", "Skip to content"),
    "nav": ("页面导航", "Pages"),
    "languages": ("语言", "Language"),
    "failed_page": (
        "本页不完整：运行中有一步出错，其后的内容未生成。",
        "This page is incomplete: a step failed, and what follows it was not made.",
    ),
    "see_error": ("查看错误", "See the error"),
    "a_year": ("每年", "a year"),
    "headroom": ("距底线余量", "headroom"),
    "since": ("{year}年起须{figure}", "{figure} from {year}"),
    "best": ("最好{figure}", "best {figure}"),
    "made": ("生成时间", "Run"),
    "version": ("版本", "Version"),
    "seed": ("随机种子", "Seed"),
    "draws": ("模拟路径", "Paths"),
    "plans": ("规划", "Plans"),
    "meaning": (
        "概率是指：依据本地区历史与可比地区的增速，在所列情景下随机模拟 {n} 条路径，其中达到目标的比例。",
        (
            "A probability is the share of {n} simulated paths that meet the target, drawn from the region's own "
            "record and the growth of comparable regions under the scenario named."
        ),
    ),
    "held": ("以往概率的准确程度：", "How well such probabilities held: "),
    "n_failed": ("{n} 个页面中有 {k} 个未能生成。", "{k} of {n} pages could not be made."),
    "n_failed_alone": ("{k} 个页面未能生成。", "{k} pages could not be made."),
    "all_made": ("全部 {n} 个页面均已生成。", "All {n} pages were made."),
    "failures": ("未能生成的页面", "Pages that could not be made"),
    "notebook": ("页面", "Page"),
    "error": ("错误", "Error"),
    "message": ("信息", "Message"),
    "log": ("日志", "Log"),
    "targets": ("目标", "targets"),
    "can_assess": ("可评估", "Can be assessed"),
    "all_met": ("可评估目标全部实现", "All assessable targets met"),
    "binding_met": ("约束性目标全部实现", "All binding targets met"),
    "no_binding": ("无可评估的约束性目标", "no binding target can be assessed"),
    "most_risk": ("风险最大的目标", "Most at risk"),
    "contradictions": ("内部矛盾", "Contradictions found"),
    "review_title": ("执行评估", "Review"),
    "stands": ("执行情况", "Where it stands"),
    "as_of": ("（截至 {moment}）", "(as of {moment})"),
    "no_outturn": ("基期以后没有可据以判断的实际数", "no outturn to judge by yet"),
    "see_review": ("执行评估", "Review"),
    "audit_remark": ("自查{severity}：{text}", "Audit, {severity}: {text}"),
    "implied_remark": ("推算 {figure}（{formula}）", "Implied: {figure} ({formula})"),
    "draft_note": ("征求意见稿：数字可能与正式印发稿不同", "Consultation draft: the final plan may differ"),
    "not_assessable_n": ("无法评估（{n}）", "Not assessable ({n})"),
    "filter": ("筛选指标", "Filter indicators"),
    "every_verdict": ("全部判断", "Every verdict"),
    "shown": ("显示 {k} / {n}", "{k} of {n} shown"),
    "sort_by": ("排序：", "Sort by "),
    "trend": ("历史与展望", "Record and outlook"),
    "filter_runs": ("筛选", "Filter runs"),
    "state": ("状态", "State"),
    "every_state": ("全部状态", "Every state"),
    "done": ("完成", "done"),
    "failed": ("失败", "failed"),
    "variant": ("参数", "Parameters"),
    "likely": ("较可能实现的目标", "Targets more likely met than not"),
    "mean_chance": ("平均概率", "Mean probability"),
    "seconds": ("秒", "Seconds"),
    "all_runs": ("全部运行", "All runs"),
    "table_files": ("本表下载：", "This table as a file:"),
    "downloads": ("数据下载", "Data"),
    "none_assessable": ("本规划没有可评估的目标。", "No target of this plan can be assessed."),
    "of_targets": ("/ 规划期 {n} 项目标", "of {n} targets of the plan period"),
    "and_past": ("（另有 {n} 项为上期目标）", "(and {n} of the period before)"),
}


def label(key: str, lang: str) -> str:
    """Return a text of the pages.

    >>> label("code", "zh"), label("code", "en")
    ('代码', 'Code')
    """
    return LABELS[key][0 if lang == "zh" else 1]
