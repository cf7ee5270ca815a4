using CogniForge.Llm.Tests.Agents;

namespace CogniForge.Serving.Tests.Tracking.JavaScript;

/// <summary>npm's client of MLflow, which others wrote, tracks a run.</summary>
public sealed class MlflowJsTests(ServingService service) : IClassFixture<ServingService>
{
    [AgentProgramTheory]
    [InlineData("mlflow.cjs")]
    public async Task Client_TracksRun_IsStored(string script)
    {
        var (exitCode, output) = await AgentProgram.RunAsync(
            "node",
            Path.Combine(Repository.Root, "tests/CogniForge.Serving.Tests/Tracking/JavaScript"),
            [script],
            new()
            {
                ["NODE_PATH"] = Path.Combine(AgentProgram.Folder!, "node_modules"),
                ["SERVING"] = service.Address.GetLeftPart(UriPartial.Authority),
                ["KEY"] = await service.CreateKeyAsync("serving", "serving:read", "serving:write"),
            }
        );

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            """
            experiment: leavers
            status: FINISHED
            metrics: auc=0.75,f1=1
            params: depth=3,rate=0.1
            tags: team=growth
            history: 1:0.5,2:0.75
            found: 1
            deleted: 0
            restored: 1
            error: RESOURCE_DOES_NOT_EXIST

            """,
            output,
            ignoreLineEndingDifferences: true
        );
    }
}
