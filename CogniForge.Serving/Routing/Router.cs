using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Routing;

/// <summary>Picks the version for each request. Thread-safe.</summary>
internal sealed partial class Router(
    ModelCatalog catalog,
    ModelRoutes routes,
    TrafficRegistry traffic,
    IOptions<InferenceOptions> options,
    ServiceDescription service,
    TimeProvider time,
    ILogger<Router> logger
)
{
    private readonly Counter<long> _fallbacks = service.Meter.CreateCounter<long>(
        "cogniforge.routing.fallbacks",
        "{request}",
        "Requests that the fallback version got after another failed"
    );

    private readonly Counter<long> _ejections = service.Meter.CreateCounter<long>(
        "cogniforge.routing.ejections",
        "{ejection}",
        "Versions that were ejected after consecutive failures"
    );

    private readonly Counter<long> _rejections = service.Meter.CreateCounter<long>(
        "cogniforge.routing.rejections",
        "{request}",
        "Requests that were refused because every version had its maximum of requests in flight"
    );

    /// <summary>Finds what a request addresses; null: the model, version or alias does not exist.</summary>
    /// <param name="name">The model's name; MLflow's form <c>name@alias</c> names a version too.</param>
    /// <param name="version">A version number or an alias; null: none.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async ValueTask<InferenceTarget?> FindAsync(
        string name,
        string? version,
        CancellationToken cancellationToken
    )
    {
        var reference = ModelReference.Parse(name, version);
        var named = reference.IsPinned ? await catalog.FindAsync(reference, cancellationToken) : null;
        if (reference.IsPinned && named is null)
        {
            return null;
        }

        return
            await routes.FindAsync(reference.Name, cancellationToken) is { } route
            && (named ?? route.Default?.Version) is not null
            ? new InferenceTarget(route, named)
            : null;
    }

    /// <summary>Picks a version, and begins a request to it; end it with <see cref="Exit"/>.</summary>
    /// <exception cref="OverloadedException">Every version has its maximum of requests in flight.</exception>
    public RouteTarget Enter(InferenceTarget target, InferRequest request)
    {
        var route = target.Route;
        var max = route.Policy?.MaxOutstanding ?? options.Value.MaxOutstanding;

        // 1. The version that the request names by its number or an alias, or that an experiment has assigned: ejected
        // or not.
        if (target.Version is { } named)
        {
            var only = new RouteTarget(named, traffic.Get(named));
            return only.Traffic.TryEnterAnyway(max) ? only : throw Reject(named);
        }

        // 2. The strategy.
        if (route.Policy is not null)
        {
            // Another request may take the last place between the choice and the entry, so it chooses again.
            for (var i = 0; i <= route.Targets.Length; i++)
            {
                if (TargetSelector.Select(route, route.Turns.Next(), max) is not { } chosen)
                {
                    break;
                }

                if (chosen.Traffic.TryEnter(max))
                {
                    return chosen;
                }
            }

            if (route.Fallback is { } fallback && fallback.Traffic.TryEnter(max))
            {
                return fallback;
            }

            // Every target is ejected or full. Ejected ones are tried then: refusing all requests helps none.
            foreach (var one in route.Targets)
            {
                if (one.Weight > 0 && one.Traffic.TryEnterAnyway(max))
                {
                    return one;
                }
            }

            if (route.Targets is [var first, ..])
            {
                throw Reject(first.Version);
            }
        }

        // 3. The default.
        var last = route.Default!;
        return last.Traffic.TryEnterAnyway(max) ? last : throw Reject(last.Version);
    }

    /// <summary>Begins a request to the fallback version after another failed; null: none can take it.</summary>
    public RouteTarget? TryEnterFallback(InferenceTarget target, RouteTarget failed)
    {
        var route = target.Route;
        var max = route.Policy?.MaxOutstanding ?? options.Value.MaxOutstanding;
        if (
            target.Version is not null
            || route.Fallback is not { } fallback
            || fallback.Version.Id == failed.Version.Id
            || !fallback.Traffic.TryEnter(max)
        )
        {
            return null;
        }

        _fallbacks.Add(1, new KeyValuePair<string, object?>("cogniforge.model.name", fallback.Version.Name));
        return fallback;
    }

    /// <summary>Ends a request to a version.</summary>
    /// <param name="target">What the request addressed.</param>
    /// <param name="attempted">The version.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="started">The timestamp at which the version got it.</param>
    public void Exit(InferenceTarget target, RouteTarget attempted, AttemptOutcome outcome, long started)
    {
        var latency = time.GetElapsedTime(started);
        if (target is { Version: null, Route: { Canary: { } canary, Targets: [var stable, var other] } })
        {
            var recorder =
                ReferenceEquals(attempted, stable) ? canary.Stable
                : ReferenceEquals(attempted, other) ? canary.Canary
                : null; // the fallback
            recorder?.Record(outcome, latency);
        }

        if (attempted.Traffic.Exit(outcome, latency, target.Route.Ejection))
        {
            var version = attempted.Version;
            Log.Ejected(logger, version.Name, version.Version);
            _ejections.Add(1, new KeyValuePair<string, object?>("cogniforge.model.name", version.Name));
        }
    }

    private OverloadedException Reject(ModelVersion version)
    {
        _rejections.Add(1, new KeyValuePair<string, object?>("cogniforge.model.name", version.Name));
        return new($"Model '{version.Name}' has too many requests in flight; try again shortly.");
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.VersionEjected,
            LogLevel.Warning,
            "Version {Version} of model {Model} is ejected after consecutive failures; a request probes it later"
        )]
        public static partial void Ejected(ILogger logger, string model, int version);
    }
}
