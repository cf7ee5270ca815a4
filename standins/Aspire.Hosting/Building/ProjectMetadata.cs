using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    LaunchSettings? LaunchSettings => null;

    bool SuppressBuild => false;

    bool IsFileBasedApp => string.Equals(Path.GetExtension(ProjectPath), ".cs", StringComparison.OrdinalIgnoreCase);
}

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public sealed class LaunchSettings
{
    [JsonPropertyName("profiles")]
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];

    internal static LaunchSettings? ReadFrom(string projectDirectory)
    {
        var file = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return null;
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<LaunchSettings>(stream, JsonOptions.Lenient);
    }
}

public sealed class LaunchProfile
{
    [JsonPropertyName("commandName")]
    public string? CommandName { get; set; }

    [JsonPropertyName("commandLineArgs")]
    public string? CommandLineArgs { get; set; }

    [JsonPropertyName("applicationUrl")]
    public string? ApplicationUrl { get; set; }

    [JsonPropertyName("launchUrl")]
    public string? LaunchUrl { get; set; }

    [JsonPropertyName("environmentVariables")]
    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
}

public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}

internal static class JsonOptions
{
    public static JsonSerializerOptions Lenient { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };
}

/// <summary>A project named by its path alone.</summary>
internal sealed class ProjectPathMetadata(string path) : IProjectMetadata
{
    public string ProjectPath => path;
}

internal static class ProjectMetadataExtensions
{
    public static IProjectMetadata GetProjectMetadata(this IResource project) => project.Annotations.OfType<IProjectMetadata>().Single();

    /// <summary>What the build says that it made of the project, so that it can be run without asking the build again.</summary>
    public static string? GetOutput(this IProjectMetadata metadata)
    {
        var output = metadata.GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == "projectoutput:" + metadata.ProjectPath)?.Value;
        return File.Exists(output) ? output : null;
    }

    /// <summary>The profile by which the project runs: the one asked for, else the AppHost's own by name, else the first that runs the project.</summary>
    public static (string Name, LaunchProfile Profile)? GetLaunchProfile(this IResource project, string? appHostProfile)
    {
        if (project.HasAnnotationOfType<ExcludeLaunchProfileAnnotation>())
            return null;
        var metadata = project.GetProjectMetadata();
        var settings = metadata.LaunchSettings ?? LaunchSettings.ReadFrom(Path.GetDirectoryName(metadata.ProjectPath)!);
        if (project.TryGetLastAnnotation<LaunchProfileAnnotation>(out var asked))
        {
            return settings?.Profiles.TryGetValue(asked.LaunchProfileName, out var profile) is true
                ? (asked.LaunchProfileName, profile)
                : throw new DistributedApplicationException($"Launch settings file does not contain '{asked.LaunchProfileName}' profile.");
        }

        if (settings is null)
            return null;
        if (appHostProfile is not null && settings.Profiles.TryGetValue(appHostProfile, out var same))
            return (appHostProfile, same);
        var first = settings.Profiles.FirstOrDefault(p => p.Value.CommandName is null or "Project" or "Executable");
        return first.Key is null ? null : (first.Key, first.Value);
    }
}
