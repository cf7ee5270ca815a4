using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.AppHost.Tests.Deployment;

/// <summary>The manifest for azd, written by the AppHost as azd requests it. Starts no resource.</summary>
/// <param name="Text">The manifest's text.</param>
/// <param name="Resources">The manifest's resources, by name.</param>
/// <param name="Services">The services in the AppHost's model.</param>
public sealed record PublishedManifest(string Text, JsonObject Resources, IReadOnlyList<ProjectResource> Services)
{
    /// <summary>Writes the manifest.</summary>
    /// <param name="settings">Further arguments of the AppHost.</param>
    public static async Task<PublishedManifest> PublishAsync(params string[] settings)
    {
        // Inside the repository, because the paths of projects are relative to the manifest.
        var folder = Directory.CreateDirectory(
            Path.Combine(AppContext.BaseDirectory, $"manifest-{Guid.CreateVersion7():n}")
        );
        try
        {
            var file = Path.Combine(folder.FullName, "manifest.json");
            var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>([
                "--publisher",
                "manifest",
                "--output-path",
                file,
                .. settings,
            ]);
            await using var app = await builder.BuildAsync();
            var services = app
                .Services.GetRequiredService<DistributedApplicationModel>()
                .Resources.OfType<ProjectResource>()
                .ToList();
            await app.RunAsync();
            var text = await File.ReadAllTextAsync(file);
            return new(text, JsonNode.Parse(text)!["resources"]!.AsObject(), services);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
