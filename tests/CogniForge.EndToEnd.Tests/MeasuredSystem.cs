using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A system whose services collect garbage early, so that memory readings contain little garbage.</summary>
/// <remarks>Every 4 MiB, with batches in the same generations.</remarks>
public abstract class MeasuredSystem() : RunningSystem("Development")
{
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            // The runtime reads these values as hexadecimal.
            builder
                .CreateResourceBuilder(project)
                .WithEnvironment("DOTNET_gcServer", "0")
                .WithEnvironment("DOTNET_GCgen0size", "400000")
                .WithEnvironment("DOTNET_GCLOHThreshold", "100000");
        }
    }
}
