using CogniForge.Llm.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Mock;

/// <summary>Outside Development, the mock exists only when it is switched on.</summary>
public class MockSwitchTests
{
    private const string Admin = "cf_the-key-of-the-operator-of-this-test";
    private const string Chat = """{"model":"mock","messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Mock_Production_DoesNotExist()
    {
        using var service = new ProductionService();
        using var client = service.NewClient(Admin);

        using var chat = await client.PostAsync("/v1/chat/completions", Chat);
        using var models = await client.GetAsync("/v1/models");
        using var provider = await client.PutAsync(
            new Uri("/api/v1/llm/providers/fake", UriKind.Relative),
            Requests.Json("""{"kind":"mock"}""")
        );
        using var route = await client.PutAsync(
            new Uri("/api/v1/llm/routes/fast", UriKind.Relative),
            Requests.Json("""{"targets":[{"provider":"mock","model":"mock"}]}""")
        );

        await OpenAiError.ReadAsync(chat, 404);
        Assert.Empty((await models.ReadAsync(200)).GetProperty("data").EnumerateArray());
        Assert.Contains(
            "kind: must not be the mock",
            Assert.Single(await Problem.ReadRulesAsync(provider)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "targets[0].provider: must not be the mock",
            Assert.Single(await Problem.ReadRulesAsync(route)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Mock_SwitchedOnInProduction_Responds()
    {
        using var service = new ProductionService(("Mock:Enabled", "true"));
        using var client = service.NewClient(Admin);

        using var chat = await client.PostAsync("/v1/chat/completions", Chat);

        await chat.ReadAsync(200);
    }

    [Theory]
    [InlineData("Routes:fast:Targets:0:Provider", "mock", "Routes:fast:targets[0].provider")]
    [InlineData("Providers:fake:Kind", "Mock", "Providers:fake:kind")]
    public void Read_MockThatIsOff_EndsStart(string setting, string value, string path)
    {
        var isRoute = setting.StartsWith("Routes", StringComparison.Ordinal);
        var settings = new Dictionary<string, string?>
        {
            [setting] = value,
            [isRoute ? "Routes:fast:Targets:0:Model" : "unused"] = "mock",
        };
        var error = Assert.Throws<InvalidConfigException>(() =>
            StartupConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), hasMock: false)
        );
        Assert.Contains(
            $"{path} must not be the mock, which is off here; Mock:Enabled = true switches it on",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    private sealed class ProductionService(params (string Name, string Value)[] settings)
        : ServiceHost<Program>(builder =>
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("CogniForge:InMemory", "true");
            builder.UseSetting("CogniForge:AdminApiKey", Admin);
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }
        });
}
