"""The engine as papermill finds it by name: loaded when it is used, for papermill asks for it while it is being imported."""


class _Later:
    """Stands for `planmodel.batch.kernels.PlanmodelEngine`, whose module imports papermill."""

    def __getattr__(self, name: str):
        from planmodel.batch.kernels import PlanmodelEngine

        return getattr(PlanmodelEngine, name)


engine = _Later()
