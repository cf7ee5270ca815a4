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

    /// <summary>Requires that a version may move to a state.</summary>
    /// <exception cref="RegistryException">The move is not legal, or the version has an alias.</exception>
    public static void CheckMove(RegisteredModel model, ModelVersion version, VersionState target)
    {
        var next = GetNext(version.State);
        if (!next.Contains(target))
        {
            throw new RegistryException(
                RegistryErrorKind.Conflict,
                $"Version {version.Version} is {VersionRow.Write(version.State)}, so it cannot become "
                    + $"{VersionRow.Write(target)}; possible: "
                    + $"{(next.Count == 0 ? "nothing" : string.Join(", ", next.Select(VersionRow.Write)))}."
            );
        }

        if (target == VersionState.Retired)
        {
            CheckUnaliased(model, version.Version);
        }
    }

    /// <summary>Requires that no alias stands for a version.</summary>
    /// <exception cref="RegistryException">One does.</exception>
    public static void CheckUnaliased(RegisteredModel model, int version)
    {
        if (model.Aliases.FirstOrDefault(a => a.Version == version) is { } alias)
        {
            throw new RegistryException(
                RegistryErrorKind.Conflict,
                $"Version {version} of model '{model.Name}' has the alias '{alias.Name}'; move or delete it first."
            );
        }
    }
}
