using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A system whose servers are stopped and whose analytics is killed.</summary>
public sealed class OutageSystem : MeasuredSystem
{
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        base.Configure(builder);

        // The orchestrator's proxy would accept connections to a stopped service; without it they are refused.
        builder
            .CreateResourceBuilder<ProjectResource>("analytics")
            .WithEndpoint(
                "http",
                endpoint => (endpoint.IsProxied, endpoint.Port, endpoint.TargetPort) = (false, null, null)
            );
    }
}
