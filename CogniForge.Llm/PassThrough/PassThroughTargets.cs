using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;
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

            return refusal is null ? CheckCost(request, caller, route, config, now) : (route, refusal);
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

        var (path, ids) = request.Id is { } named ? ("id", [named]) : ReadInputFiles(request);
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
        HasBudget(caller, config) ? PassThroughErrors.CostNotBounded("a batch continues after its response.")
        : RouteAccess.HasRoutes(caller, config.Projects) ? PassThroughErrors.BatchNotAllowed
        : null;

    private static bool HasBudget(Caller caller, GatewayConfig config) =>
        caller.Limits is KeyLimits { Budget: not null } || config.Projects.Find(caller)?.Limits.Budget is not null;

    /// <summary>
    /// A batch runs where its file is. A client may repeat the member, in another case of letters or within another one
    /// too, and providers differ in which of them counts.
    /// </summary>
    private static (string Path, string[] Ids) ReadInputFiles(PassThroughRequest request) =>
        (
            "input_file_id",
            [
                .. FindInputFiles(request.Inference.Body)
                    .Where(id => id.IsPresent())
                    .Select(id => id.Text() ?? id.ValueKind.ToString()),
            ]
        );

    private static IEnumerable<JsonElement> FindInputFiles(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(m =>
                    m.ValidName().Equals("input_file_id", StringComparison.OrdinalIgnoreCase)
                        ? [m.Value]
                        : FindInputFiles(m.Value)
                ),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(FindInputFiles),
            _ => [],
        };

    /// <summary>Keeps the targets whose cost a budget bounds.</summary>
    private static (ResolvedRoute Route, ErrorResponse? Refusal) CheckCost(
        PassThroughRequest request,
        Caller caller,
        ResolvedRoute route,
        GatewayConfig config,
        DateTimeOffset now
    )
    {
        if (request.Endpoint.Charge == Charge.Unlimited && HasBudget(caller, config))
        {
            return (route, PassThroughErrors.CostNotBounded("it has no limit of output tokens."));
        }

        if (request.Endpoint.Charge != Charge.Media || !HasBudget(caller, config))
        {
            return (route, null);
        }

        ResolvedTarget[] bounded =
        [
            .. route.Targets.Where(t => IsBounded(config.Prices.ListPossible(t.Provider.Name, t.Model, now))),
        ];
        return bounded.Length > 0
            ? (route with { Targets = bounded }, null)
            : (
                route,
                PassThroughErrors.CostNotBounded(
                    $"the model '{request.Inference.Model}' has no price of fees alone "
                        + "(perRequest, perImage, perCharacter)."
                )
            );

        bool IsBounded(IReadOnlyList<Price> prices) =>
            prices.Count > 0
            && prices.All(p =>
                HasFeesOnly(p)
                && (p.PerImage == 0 || request.Endpoint.Content == RequestContent.Json)
                && (p.PerMinute == 0 || request.Endpoint.Content == RequestContent.Json) // a file of unknown length
            );
    }

    private static bool HasFeesOnly(Price price)
    {
        decimal?[] rates =
        [
            price.Input,
            price.Output,
            price.CacheRead,
            price.CacheWrite,
            price.CacheWriteLong,
            price.Reasoning,
            price.Audio?.Input,
            price.Audio?.CacheRead,
            price.Audio?.Output,
            price.Image?.Input,
            price.Image?.CacheRead,
            price.Image?.Output,
        ];
        return rates.All(r => r is null or 0);
    }
}
