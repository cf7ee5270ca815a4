using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.PassThrough;

/// <summary>Finds the targets of a request: by its model, by the id that it names, or the default provider.</summary>
internal sealed class PassThroughTargets(
    ConversationAffinity affinity,
    StatefulReferenceChecker references,
    OwnIds ownIds
)
{
    /// <summary>Finds the targets.</summary>
    /// <returns>The route with its targets in order; or a refusal, with the route if it is known.</returns>
    public async Task<(ResolvedRoute? Route, ErrorResponse? Refusal)> FindAsync(
        PassThroughRequest request,
        Caller caller,
        GatewayConfig config,
        DateTimeOffset now
    )
    {
        try
        {
            var (route, refusal) = request.Endpoint.HasModel
                ? FindByModel(request, caller, config)
                : await FindByProviderAsync(request, caller, config);
            if (route is null || refusal is not null)
            {
                return (route, refusal);
            }

            if (request.Endpoint.Content == RequestContent.Json)
            {
                var aborted = request.Http.RequestAborted;
                refusal = await references.CheckAsync(request.Inference, route, caller.Id, aborted);
            }

            return refusal is null ? PassThroughCostBound.Check(request, caller, route, config, now) : (route, refusal);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return (null, PassThroughErrors.Unavailable);
        }
    }

    private (ResolvedRoute? Route, ErrorResponse? Refusal) FindByModel(
        PassThroughRequest request,
        Caller caller,
        GatewayConfig config
    )
    {
        var routes = config.Routes;
        var model = request.Inference.Model;
        if (routes.Resolve(model) is not { } route)
        {
            return (null, new(ClientErrors.UnknownModel(model, routes.FindMissingProvider(model))));
        }

        var ordered = route with { Targets = affinity.Order(route, caller.Id, null) };
        return (ordered, RouteAccess.Check(caller, config.Projects, request.Inference, route.Route.Name));
    }

    private async Task<(ResolvedRoute? Route, ErrorResponse? Refusal)> FindByProviderAsync(
        PassThroughRequest request,
        Caller caller,
        GatewayConfig config
    )
    {
        if (RouteAccess.CheckProject(caller, config.Projects) is { } refusal)
        {
            return (null, refusal);
        }

        // Before the file: another one would be refused as well.
        if (request.Endpoint.Charge == Charge.Batch && CheckBatch(caller, config) is { } notAllowed)
        {
            return (null, notAllowed);
        }

        var (path, ids) = request.Id is { } named ? ("id", [named]) : OwnIds.ReadInputFiles(request);
        string? known = null;
        foreach (var id in ids)
        {
            (var isOwn, known) = await ownIds.FindAsync(caller.Id, id, request.Http.RequestAborted);
            if (!isOwn)
            {
                return (null, PassThroughErrors.NotOwn(path, id));
            }
        }

        var name = known ?? request.Http.Request.Query[PassThroughProviders.Parameter].FirstOrDefault();
        if (PassThroughProviders.Find(config.Routes, request.Protocol, name) is not { } provider)
        {
            return (null, PassThroughErrors.NoProvider(request.Protocol, name));
        }

        var operation = request.Endpoint.Operation;
        var route = new ModelRoute(provider.Name, [new Target(provider.Name, operation)]);
        var target = new ResolvedTarget(provider, operation, Order: 0, Weight: 1)
        {
            Timeouts = config.Routes.GetTimeouts(provider),
        };
        return (new(route, [target]), null);
    }

    private static ErrorResponse? CheckBatch(Caller caller, GatewayConfig config) =>
        PassThroughCostBound.HasBudget(caller, config)
            ? PassThroughErrors.CostNotBounded("a batch continues after its response.")
        : RouteAccess.HasRoutes(caller, config.Projects) ? PassThroughErrors.BatchNotAllowed
        : null;
}
