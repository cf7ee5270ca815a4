using CogniForge.Llm.Tests.Agents;

namespace CogniForge.Serving.Tests.Rpc.JavaScript;

/// <summary>gRPC's own client for Node, which shares nothing with .NET's, calls every method.</summary>
public sealed class GrpcJsTests(GrpcService service) : IClassFixture<GrpcService>, IAsyncLifetime
{
    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [AgentProgramTheory]
    [InlineData("open-inference.cjs")]
    public async Task Client_EachMethod_Succeeds(string script)
    {
        var (exitCode, output) = await AgentProgram.RunAsync(
            "node",
            Path.Combine(Repository.Root, "tests/CogniForge.Serving.Tests/Rpc/JavaScript"),
            [script],
            new()
            {
                ["NODE_PATH"] = Path.Combine(AgentProgram.Folder!, "node_modules"),
                ["PROTO"] = Path.Combine(Repository.Root, "CogniForge.Serving/Protos/open_inference_grpc.proto"),
                ["SERVING"] = service.Target.Authority,
                ["KEY"] = await service.CreateKeyAsync("serving", "serving:infer"),
            }
        );

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            """
            live: true
            ready: true
            inputs: features FP64 -1,2
            typed: 0.5
            raw: 0.5
            index: small READY
            error: 5 Model 'unknown' does not exist or has no serving version.
            stream: 0.5
            stream: Model 'unknown' does not exist or has no serving version.

            """,
            output,
            ignoreLineEndingDifferences: true
        );
    }
}
