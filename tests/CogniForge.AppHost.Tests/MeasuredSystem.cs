using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.AppHost.Tests;

/// <summary>A system whose services collect their garbage early, after every 4 MiB and batches among it, so that what they hold is what they need.</summary>
public abstract class MeasuredSystem() : RunningSystem("Development")
{
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            // Hexadecimal, as the run-time reads them.
            builder
                .CreateResourceBuilder(project)
                .WithEnvironment("DOTNET_gcServer", "0")
                .WithEnvironment("DOTNET_GCgen0size", "400000")
                .WithEnvironment("DOTNET_GCLOHThreshold", "100000");
        }
    }
}
