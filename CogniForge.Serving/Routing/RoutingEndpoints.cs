using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Routing;

/// <summary>The model registry API: routing.</summary>
internal static class RoutingEndpoints
{
    private const string Policy = """
        {
          "strategy": "canary", "targets": [{ "version": 1 }, { "version": 2 }], "fallback": { "version": 1 },
          "maxOutstanding": 64, "ejection": { "consecutiveFailures": 5, "seconds": 30 },
          "canary": {
            "steps": [5, 25, 50], "stepSeconds": 600, "minRequests": 100, "maxErrorRateIncrease": 0.01,
            "maxLatencyRatio": 1.5
          }
        }
        """;

    private const string Routing = $$"""
        {
          "policy": {{Policy}},
          "canary": {
            "status": "running", "step": 0, "share": 5, "reason": null, "since": "2026-11-21T09:13:52+00:00"
          },
          "updatedAt": "2026-11-21T09:13:52+00:00"
        }
        """;

    public static void MapRouting(this IEndpointRouteBuilder endpoints)
    {
        var routing = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}/routing")
            .WithTags("Routing")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        routing
            .MapGet("/", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetRouting")
            .WithSummary("Get the routing policy of a model and the state of its canary")
            .WithExamples(response: Routing);
        routing
            .MapPut("/", Set)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition(canCreate: true)
            .WithName("SetRouting")
            .WithSummary("Set the routing policy of a model; a canary begins with its first step")
            .WithExamples(Policy, Routing);
        routing
            .MapDelete("/", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteRouting")
            .WithSummary("Delete the routing policy of a model: its newest serving version gets the requests");
    }

    public static async Task<Ok<RoutingResponse>> Get(
        string name,
        HttpResponse response,
        IModelStore models,
        IRoutingStore routings,
        CancellationToken cancellationToken
    )
    {
        if (await routings.FindAsync(name, cancellationToken) is { } found)
        {
            return Respond(response, found);
        }

        throw await models.FindModelAsync(name, cancellationToken) is null
            ? RegistryException.UnknownModel(name)
            : RoutingRegistry.Unknown(name);
    }

    public static async Task<Results<Ok<RoutingResponse>, ProblemHttpResult>> Set(
        string name,
        RoutingPolicy request,
        HttpContext context,
        RoutingRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(RoutingValidator.Validate(request)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return Respond(
            context.Response,
            await registry.SetAsync(
                name,
                request,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    public static async Task<NoContent> Delete(
        string name,
        HttpContext context,
        RoutingRegistry registry,
        CancellationToken cancellationToken
    )
    {
        await registry.DeleteAsync(
            name,
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        return TypedResults.NoContent();
    }

    private static Ok<RoutingResponse> Respond(HttpResponse response, ModelRouting routing)
    {
        Precondition.Send(response, routing.Revision);
        return TypedResults.Ok(RoutingResponse.From(routing));
    }
}
