namespace CogniForge.Serving.Models;

/// <summary>The legal moves between the states of a version.</summary>
internal static class VersionLifecycle
{
    /// <summary>The states that may follow a state. A failed version is loaded again as registered.</summary>
    public static IReadOnlyList<VersionState> GetNext(VersionState state) =>
        state switch
        {
            VersionState.Registered => [VersionState.Ready, VersionState.Retired, VersionState.Failed],
            VersionState.Ready => [VersionState.Serving, VersionState.Retired, VersionState.Failed],
            VersionState.Serving => [VersionState.Draining, VersionState.Failed],
            VersionState.Draining => [VersionState.Serving, VersionState.Retired, VersionState.Failed],
            VersionState.Failed => [VersionState.Registered, VersionState.Retired],
            _ => [],
        };

    /// <summary>Whether an alias may point to a version in this state.</summary>
    public static bool CanHaveAlias(VersionState state) => state is not (VersionState.Retired or VersionState.Failed);
}
