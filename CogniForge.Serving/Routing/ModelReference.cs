using System.Globalization;

namespace CogniForge.Serving.Routing;

/// <summary>A model, or one of its versions, as clients write it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version number; null: none.</param>
/// <param name="Alias">The alias; null: none.</param>
/// <param name="Text">The version or alias as written; null: none.</param>
internal readonly record struct ModelReference(string Name, int? Version, string? Alias, string? Text)
{
    private const char AliasSeparator = '@';

    /// <summary>Whether it names a version.</summary>
    public bool IsPinned => Text is not null;

    /// <summary>Parses a reference.</summary>
    /// <param name="name">The model's name, or MLflow's form <c>name@alias</c>.</param>
    /// <param name="version">A version number or an alias; null: none.</param>
    public static ModelReference Parse(string name, string? version)
    {
        if (version is null)
        {
            var at = name.IndexOf(AliasSeparator, StringComparison.Ordinal);
            return at < 0 ? new(name, null, null, null) : new(name[..at], null, name[(at + 1)..], name[(at + 1)..]);
        }

        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(name, number, null, version)
            : new(name, null, version, version);
    }

    /// <summary>The error if it does not exist.</summary>
    public string DescribeUnknown() =>
        IsPinned
            ? $"Model '{Name}' has no version '{Text}'."
            : $"Model '{Name}' does not exist or has no serving version.";
}
