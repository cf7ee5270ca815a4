using System.Text.Json;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>The registration of a model in the audit.</summary>
[Trait("Category", "Servers")]
public sealed class AuditTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Register_InPostgres_IsAudited()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        await AssertAuditedAsync(service);
    }

    [Fact]
    public async Task Register_InMemory_IsAudited()
    {
        await using var service = new ServingService();
        await AssertAuditedAsync(service);
    }

    private static async Task AssertAuditedAsync(ServingService service)
    {
        await (await service.RegisterAsync(ModelJson.Create("churn"))).ReadAsync(201);
        (await service.RegisterAsync(ModelJson.Create("churn"))).Dispose();

        using var response = await service.Client.GetAsync("/api/v1/serving/audit?action=RegisterModel");

        var entry = Assert.Single((await response.ReadAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("models/churn", "development", JsonValueKind.Null, 1),
            (
                entry.GetProperty("resource").GetString(),
                entry.GetProperty("actor").GetProperty("id").GetString(),
                entry.GetProperty("before").ValueKind,
                entry.GetProperty("after").GetProperty("latestVersion").GetInt32()
            )
        );
    }
}
