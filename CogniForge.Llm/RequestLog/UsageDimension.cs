using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.RequestLog;

/// <summary>A dimension by which usage can be grouped.</summary>
/// <param name="Name">The name in <c>groupBy</c> and in reports.</param>
internal sealed record UsageDimension(string Name)
{
    /// <summary>The id of the API key.</summary>
    public static readonly UsageDimension Key = new("key");

    /// <summary>The end user that the request names.</summary>
    public static readonly UsageDimension User = new("user");

    /// <summary>The model that responded.</summary>
    public static readonly UsageDimension Model = new("model");

    /// <summary>The provider that responded.</summary>
    public static readonly UsageDimension Provider = new("provider");

    /// <summary>The name of the route.</summary>
    public static readonly UsageDimension Route = new("route");

    /// <summary>The project of the API key.</summary>
    public static readonly UsageDimension Project = new("project");

    /// <summary>The day, UTC.</summary>
    public static readonly UsageDimension Day = new("day");

    /// <summary>The dimensions that rollups have; the others are names of metadata.</summary>
    public static readonly IReadOnlyList<UsageDimension> All = [Key, User, Model, Provider, Route, Project, Day];

    /// <summary>The name of the metadata; null: the dimension is another one.</summary>
    public string? Metadata { get; private init; }

    public static IReadOnlyList<UsageDimension> Parse(string? groupBy, FieldErrors errors)
    {
        var names = (groupBy ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var dimensions = names.Select(Find).OfType<UsageDimension>().Distinct().ToList();
        if (dimensions.Count < names.Length)
        {
            var known = string.Join(", ", All.Select(d => d.Name));
            errors.Add(
                new("groupBy", $"must be any of {known}, metadata.{{name}}, each at most once, separated by commas")
            );
            return [];
        }

        return dimensions;
    }

    private static UsageDimension? Find(string name) =>
        MetadataNames.Parse(name) is { } metadata
            ? new(name) { Metadata = metadata }
            : All.FirstOrDefault(d => d.Name == name);
}
