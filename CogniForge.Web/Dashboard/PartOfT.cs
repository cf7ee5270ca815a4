namespace CogniForge.Web.Dashboard;

/// <summary>A part of the dashboard.</summary>
/// <typeparam name="T">Its numbers.</typeparam>
/// <param name="Status">How the service answered.</param>
/// <param name="Detail">What is wrong; null when nothing is.</param>
/// <param name="Numbers">The numbers; null unless the status is <see cref="PartStatus.Ok"/>.</param>
internal sealed record Part<T>(PartStatus Status, string? Detail, T? Numbers)
    where T : class;
