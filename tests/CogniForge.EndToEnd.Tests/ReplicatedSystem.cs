using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A system with two replicas of analytics.</summary>
public sealed class ReplicatedSystem : MeasuredSystem
{
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        base.Configure(builder);
        builder.CreateResourceBuilder<ProjectResource>("analytics").WithReplicas(2);
    }
}
