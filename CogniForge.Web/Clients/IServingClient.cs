using Refit;

namespace CogniForge.Web.Clients;

/// <summary>The calls that Web makes to model serving.</summary>
internal interface IServingClient
{
    [Get("/api/v1/serving/models/count")]
    Task<Count> CountModelsAsync(CancellationToken cancellationToken);

    [Get("/api/v1/serving/inferences/count")]
    Task<Count> CountInferencesAsync(CancellationToken cancellationToken);

    [Get("/api/2.0/mlflow/runs/get")]
    Task<RunResponse> GetRunAsync([AliasAs("run_id")] string id, CancellationToken cancellationToken);

    [Get("/api/2.0/mlflow/metrics/get-history")]
    Task<MetricHistory> GetMetricHistoryAsync(
        [AliasAs("run_id")] string id,
        [AliasAs("metric_key")] string metric,
        [AliasAs("max_results")] int max,
        CancellationToken cancellationToken
    );
}
