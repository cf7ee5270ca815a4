using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A system in which analytics has never started.</summary>
public sealed class LateConsumerSystem() : RunningSystem("Development")
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Awaited => ["llm", "serving"];

    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        builder.CreateResourceBuilder<ProjectResource>("analytics").WithExplicitStart();

        // Web waits for analytics, and the application's start would wait for Web.
        builder.Resources.Remove(builder.Resources.Single(r => r.Name == "web"));
    }
}
