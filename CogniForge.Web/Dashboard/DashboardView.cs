namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of all services at one moment. A service that does not answer takes only its own part away.</summary>
/// <param name="GeneratedAt">The moment, UTC.</param>
/// <param name="Llm">The gateway.</param>
/// <param name="Serving">Model serving.</param>
/// <param name="Analytics">Analytics.</param>
internal sealed record DashboardView(
    DateTimeOffset GeneratedAt,
    Part<LlmNumbers> Llm,
    Part<ServingNumbers> Serving,
    Part<AnalyticsNumbers> Analytics
);
