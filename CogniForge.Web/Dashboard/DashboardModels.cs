namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of all services at one moment. A service that does not answer takes only its own part away.</summary>
/// <param name="GeneratedAt">The moment, UTC.</param>
/// <param name="Llm">The gateway.</param>
/// <param name="Serving">Model serving.</param>
/// <param name="Analytics">Analytics.</param>
internal sealed record DashboardView(DateTimeOffset GeneratedAt, Part<LlmNumbers> Llm, Part<ServingNumbers> Serving, Part<AnalyticsNumbers> Analytics);

/// <summary>A part of the dashboard.</summary>
/// <typeparam name="T">Its numbers.</typeparam>
/// <param name="Status">How the service answered.</param>
/// <param name="Detail">What is wrong; null when nothing is.</param>
/// <param name="Numbers">The numbers; null unless the status is <see cref="PartStatus.Ok"/>.</param>
internal sealed record Part<T>(PartStatus Status, string? Detail, T? Numbers) where T : class;

/// <summary>How a service answered.</summary>
internal enum PartStatus
{
    /// <summary>It did.</summary>
    Ok,

    /// <summary>The caller's key lacks the scope, or is not known there.</summary>
    Forbidden,

    /// <summary>It is away, or failed.</summary>
    Unavailable,
}

/// <summary>Numbers of the gateway.</summary>
/// <param name="Completions">Completions answered.</param>
internal sealed record LlmNumbers(long Completions);

/// <summary>Numbers of model serving.</summary>
/// <param name="Models">Registered models.</param>
/// <param name="Inferences">Inferences made.</param>
internal sealed record ServingNumbers(long Models, long Inferences);

/// <summary>Numbers of analytics.</summary>
/// <param name="Events">User events recorded.</param>
/// <param name="Completions">Completions that the gateway announced.</param>
/// <param name="Inferences">Inferences that serving announced.</param>
/// <param name="Promotions">Model versions that began to serve.</param>
internal sealed record AnalyticsNumbers(long Events, long Completions, long Inferences, long Promotions);
