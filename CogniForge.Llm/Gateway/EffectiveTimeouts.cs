using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>A route's timeouts, with the gateway's defaults where it sets none.</summary>
internal readonly record struct EffectiveTimeouts(
    TimeSpan FirstToken,
    TimeSpan Silence,
    TimeSpan Response,
    TimeSpan Total
)
{
    public static EffectiveTimeouts Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));

    public static EffectiveTimeouts From(RouteTimeouts? route) =>
        route is null
            ? Default
            : new(
                route.FirstToken ?? Default.FirstToken,
                route.Silence ?? Default.Silence,
                route.Response ?? Default.Response,
                route.Total ?? Default.Total
            );
}
