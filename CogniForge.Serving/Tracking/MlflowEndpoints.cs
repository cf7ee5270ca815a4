using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Tracking;

/// <summary>
/// The part of MLflow's REST API that its clients use for tracking and for the registry:
/// <c>mlflow/protos/service.proto</c> and <c>model_registry.proto</c>.
/// </summary>
internal static class MlflowEndpoints
{
    /// <summary>The path of the API.</summary>
    public const string Path = "/api/2.0/mlflow";

    public static void MapMlflow(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints
            .MapGroup(Path)
            .WithTags("MLflow")
            .WithErrorShape<MlflowError>()
            .AddEndpointFilter<RouteGroupBuilder, MlflowErrorFilter>();
        var routes = new MlflowRoutes(group);
        MlflowExperiments.Map(routes);
        MlflowRuns.Map(routes);
        MlflowModels.Map(routes);
        MlflowVersions.Map(routes);
    }
}
