namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of all services at one moment. If a service is unavailable, only its part is missing.</summary>
/// <param name="GeneratedAt">The moment, UTC.</param>
/// <param name="Llm">The LLM gateway.</param>
/// <param name="Serving">Model serving.</param>
/// <param name="Analytics">Analytics.</param>
internal sealed record DashboardView(
    DateTimeOffset GeneratedAt,
    Part<LlmNumbers> Llm,
    Part<ServingNumbers> Serving,
    Part<AnalyticsNumbers> Analytics
);
