namespace CogniForge.Web.Dashboard;

/// <summary>A service's part of the dashboard.</summary>
/// <typeparam name="T">The type of the numbers.</typeparam>
/// <param name="Status">The status of the service's response.</param>
/// <param name="Detail">The reason of a failure; null if the status is <c>ok</c>.</param>
/// <param name="Numbers">The numbers; null unless the status is <c>ok</c>.</param>
internal sealed record Part<T>(PartStatus Status, string? Detail, T? Numbers)
    where T : class;
