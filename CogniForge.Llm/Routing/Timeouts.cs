namespace CogniForge.Llm.Routing;

/// <summary>A route's timeouts, with the gateway's defaults where it sets none.</summary>
internal readonly record struct Timeouts(
    TimeSpan FirstToken,
    TimeSpan Silence,
    TimeSpan Response,
    TimeSpan Total
)
{
    public static Timeouts Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));

    public static Timeouts From(TimeoutOverrides? route) =>
        route is null
            ? Default
            : new(
                route.FirstToken ?? Default.FirstToken,
                route.Silence ?? Default.Silence,
                route.Response ?? Default.Response,
                route.Total ?? Default.Total
            );
}
