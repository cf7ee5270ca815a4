using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Tracking;

/// <summary>Maps methods of MLflow's API: one message in, one out.</summary>
internal sealed class MlflowRoutes(RouteGroupBuilder group)
{
    public void Read<T>(string method, string path, string name, Func<T, MlflowCall, Task<object>> handle)
        where T : class => Map(method, path, name, Scopes.Read("serving"), handle);

    public void Write<T>(string method, string path, string name, Func<T, MlflowCall, Task<object>> handle)
        where T : class => Map(method, path, name, Scopes.Write("serving"), handle);

    private void Map<T>(
        string method,
        string path,
        string name,
        string scope,
        Func<T, MlflowCall, Task<object>> handle
    )
        where T : class =>
        group
            .MapMethods(
                path,
                [method],
                async Task<IResult> (HttpContext context) =>
                    TypedResults.Json(
                        await handle(
                            await MlflowJson.ReadAsync<T>(context.Request, context.RequestAborted),
                            new(context)
                        ),
                        MlflowJson.Options
                    )
            )
            .TakesOnly("*") // MLflow ignores fields that it does not know
            .RequireScope(scope)
            .WithName($"Mlflow{name}")
            .WithSummary($"MLflow's {method} {path}")
            .WithDescription("The messages are those of MLflow's REST API.");
}
