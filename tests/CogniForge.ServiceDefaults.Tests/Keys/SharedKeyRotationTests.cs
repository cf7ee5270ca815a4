using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>The shared keys of the configuration change without a restart.</summary>
public sealed class SharedKeyRotationTests
{
    private const string NewKey = "cf_the-new-key-after-the-rotation-ended";

    [Theory]
    [InlineData("AdminApiKey", TestService.RootKey, "root")]
    [InlineData("ServiceKey", TestService.ServiceKey, "service")]
    public async Task Rotation_OfSharedKey_AcceptsBothValuesMeanwhile(string setting, string oldKey, string id)
    {
        await using var service = await TestService.StartAsync();
        Assert.Equal((true, false), await AcceptedAsync(service, id, oldKey, NewKey));

        Set(service, ($"CogniForge:Secondary{setting}", NewKey));
        Assert.Equal((true, true), await AcceptedAsync(service, id, oldKey, NewKey));

        Set(service, ($"CogniForge:{setting}", NewKey), ($"CogniForge:Secondary{setting}", oldKey));
        Assert.Equal((true, true), await AcceptedAsync(service, id, oldKey, NewKey));

        Set(service, ($"CogniForge:Secondary{setting}", null));
        Assert.Equal((false, true), await AcceptedAsync(service, id, oldKey, NewKey));
    }

    [Fact]
    public async Task Reload_InvalidConfiguration_KeepsKeys()
    {
        await using var service = await TestService.StartAsync();

        Assert.ThrowsAny<AggregateException>(() =>
            Set(service, ("CogniForge:MaxRequestBodyBytes", "0"), ("CogniForge:AdminApiKey", NewKey))
        );

        Assert.Equal((true, false), await AcceptedAsync(service, "root", TestService.RootKey, NewKey));
    }

    [Fact]
    public async Task ServiceKey_Scopes_AreThoseOfServiceCalls()
    {
        await using var service = await TestService.StartAsync();
        using var client = service.Client(TestService.ServiceKey);

        var me = await (await client.GetAsync("/api/v1/whoami")).JsonAsync();

        Assert.Equal(
            ["llm:read", "serving:read", "analytics:read", "llm:invoke"],
            me.GetProperty("scopes").EnumerateArray().Select(s => s.GetString())
        );
        using var keys = await client.GetAsync("/api/v1/llm/keys");
        await keys.ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static void Set(TestService service, params (string Key, string? Value)[] settings)
    {
        var configuration = (IConfigurationRoot)service.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        configuration.Reload();
    }

    private static async Task<(bool Old, bool New)> AcceptedAsync(
        TestService service,
        string id,
        string oldKey,
        string newKey
    ) => (await IsAcceptedAsync(service, id, oldKey), await IsAcceptedAsync(service, id, newKey));

    private static async Task<bool> IsAcceptedAsync(TestService service, string id, string key)
    {
        using var client = service.Client(key);
        using var response = await client.GetAsync("/api/v1/whoami");
        return response.StatusCode == HttpStatusCode.OK
            && (await response.JsonAsync()).GetProperty("id").GetString() == id;
    }
}
