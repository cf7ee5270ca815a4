using System.Text.Json;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Admin;

/// <summary>Changes of the configuration in the audit.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class AuditTests(RealServers servers)
{
    private const string MockRoute = """{"targets":[{"provider":"other","model":"mock"}]}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_OfConfiguration_AreAudited(bool inPostgres)
    {
        using var gateway = inPostgres
            ? await GatewayHost.StartOnAsync(await servers.NewDatabaseAsync())
            : GatewayHost.Start();
        await PutAsync(gateway, "/api/v1/llm/providers/other", """{"kind":"mock"}""", 201);
        await PutAsync(gateway, "/api/v1/llm/routes/team/fast", MockRoute, 201);
        await PutAsync(gateway, "/api/v1/llm/routes/team/fast", """{"targets":[]}""", 400);
        await PutAsync(gateway, "/api/v1/llm/prices/2026-01-01/mock-x", """{"input":1,"output":2}""", 201);
        await PutAsync(gateway, "/api/v1/llm/prices/2026-01-01/mock-x", """{"input":3,"output":2}""", 200);
        await PutAsync(gateway, "/api/v1/llm/projects/team-a", "{}", 201);
        using (await gateway.Client.DeleteAsync("/api/v1/llm/providers/other")) { }

        using (await gateway.Client.DeleteAsync("/api/v1/llm/routes/team/fast")) { }

        using (await gateway.Client.PostAsync("/api/v1/llm/cache/purge?tag=fast", null)) { }

        using var response = await gateway.Client.GetAsync("/api/v1/llm/audit");
        var entries = (await response.ReadAsync(200)).GetProperty("items").EnumerateArray().ToList();

        // Entries of the same millisecond have no order.
        Assert.Equal(
            [
                "DeleteRoute routes/team/fast",
                "PurgeCache cache/fast",
                "PutPrice prices/2026-01-01//mock-x",
                "PutPrice prices/2026-01-01//mock-x",
                "PutProject projects/team-a",
                "PutProvider providers/other",
                "PutRoute routes/team/fast",
            ],
            entries.Select(e => $"{e.GetProperty("action")} {e.GetProperty("resource")}").Order()
        );
        Assert.All(entries, e => Assert.Equal("development", e.GetProperty("actor").GetProperty("id").GetString()));
        var replaced = Assert.Single(
            entries,
            e => Has(e, "before") && Has(e, "after")
        );
        Assert.Equal(
            ("1", "3"),
            (
                replaced.GetProperty("before").GetProperty("input").GetRawText(),
                replaced.GetProperty("after").GetProperty("input").GetRawText()
            )
        );
        var deleted = entries.Single(e => e.GetProperty("action").GetString() == "DeleteRoute");
        Assert.Equal((true, false), (Has(deleted, "before"), Has(deleted, "after")));
    }

    private static bool Has(JsonElement entry, string state) =>
        entry.GetProperty(state).ValueKind == JsonValueKind.Object;

    private static async Task PutAsync(GatewayHost gateway, string path, string body, int status)
    {
        using var response = await gateway.Client.PutAsync(path, body);
        await response.ReadAsync(status);
    }
}
