namespace CogniForge.Web.Dashboard;

/// <summary>A service's part of the dashboard.</summary>
/// <typeparam name="T">The type of the numbers.</typeparam>
/// <param name="Status">The status of the service's response.</param>
/// <param name="Detail">The reason, unless the status is <see cref="PartStatus.Ok"/>.</param>
/// <param name="Numbers">The numbers; null unless the status is <see cref="PartStatus.Ok"/>.</param>
internal sealed record Part<T>(PartStatus Status, string? Detail, T? Numbers)
    where T : class;
