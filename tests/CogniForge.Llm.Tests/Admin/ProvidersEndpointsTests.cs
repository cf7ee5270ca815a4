using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Admin;

public sealed class ProvidersEndpointsTests
{
    private const string Path = "/api/v1/llm/providers";
    private const string Secret = "sk-a-secret-of-configuration";

    private const string Kinds =
        "kind: must be one of mock, openAI, anthropic, openRouter, openAICompatible, gemini, azure, mistral, groq, "
        + "deepseek, xai, kimi, together, fireworks, bedrock, ollama, vllm, lmstudio";

    [Fact]
    public async Task Get_Providers_ShowOriginAndHideKey()
    {
        using var gateway = GatewayHost.Start(
            ("Providers:openai:ApiKey", Secret),
            ("Providers:local:BaseUrl", "http://localhost:11434/v1")
        );
        using var response = await gateway.Client.GetAsync(Path);
        var text = (await response.ReadAsync(200)).GetRawText();
        Assert.Equal(
            """
            {"items":[{"name":"local","origin":"configuration","kind":"openAICompatible",
            "baseUrl":"http://localhost:11434/v1/","hasKey":false,"protocols":["chat_completions","embeddings"],
            "targets":[]},
            {"name":"mock","origin":"builtIn","kind":"mock","baseUrl":null,"hasKey":false,
            "protocols":["chat_completions","embeddings"],"targets":[]},
            {"name":"openai","origin":"configuration","kind":"openAI","baseUrl":"https://api.openai.com/v1/",
            "hasKey":true,"protocols":["chat_completions","responses","embeddings"],"targets":[]}],"next":null}
            """.ReplaceLineEndings(""),
            text
        );
        using var openAI = await gateway.Client.GetAsync($"{Path}/openai");
        Assert.True((await openAI.ReadAsync(200)).GetProperty("hasKey").GetBoolean());
        Assert.DoesNotContain(Secret, text + await openAI.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Problem.ReadAsync(await gateway.Client.GetAsync($"{Path}/unknown"), 404);
    }

    [Fact]
    public async Task Put_Provider_UsesConfiguredApiKey()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:newone:ApiKey", Secret),
            ("Providers:newone:BaseUrl", provider.BaseUrl)
        );
        var created = await (
            await gateway.Client.PutAsync(
                $"{Path}/newone",
                $$"""{"kind":"openAICompatible","baseUrl":"{{provider.BaseUrl}}"}"""
            )
        ).ReadAsync(201);
        Assert.Equal(
            (true, "api"),
            (created.GetProperty("hasKey").GetBoolean(), created.GetProperty("origin").GetString())
        );

        var reply = await Reply.ReadAsync(
            gateway.Client,
            """{"model":"newone/llama","messages":[{"role":"user","content":"Hi"}]}"""
        );

        Assert.Equal((200, "Hello"), (reply.Status, reply.Text));
        Assert.Equal($"Bearer {Secret}", provider.Calls.Single().Headers.Authorization.ToString());
        var target = Assert.Single(
            (await (await gateway.Client.GetAsync($"{Path}/newone")).ReadAsync(200))
                .GetProperty("targets")
                .EnumerateArray()
        );
        Assert.Equal(
            """{"model":"llama","circuit":"closed","calls":1,"failures":0,"coolingUntil":null}""",
            target.GetRawText()
        );
    }

    [Fact]
    public async Task Get_FailingTarget_ShowsCircuit()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(503, "server_error");
        for (var i = 0; i < 6; i++)
        {
            await gateway.SendAsync("both", stream: false, $", \"user\":\"{i}\"");
        }

        var failing = (await (await gateway.Client.GetAsync($"{Path}/primary")).ReadAsync(200)).GetProperty("targets")[
            0
        ];
        Assert.Equal(
            ("model-a", "open"),
            (failing.GetProperty("model").GetString(), failing.GetProperty("circuit").GetString())
        );
        Assert.InRange(failing.GetProperty("failures").GetInt32(), 5, failing.GetProperty("calls").GetInt32());
        var healthy = (await (await gateway.Client.GetAsync($"{Path}/backup")).ReadAsync(200)).GetProperty("targets")[
            0
        ];
        Assert.Equal(
            ("closed", 6, 0),
            (
                healthy.GetProperty("circuit").GetString(),
                healthy.GetProperty("calls").GetInt32(),
                healthy.GetProperty("failures").GetInt32()
            )
        );

        gateway.Backup.Behaviour = call =>
        {
            call.SetHeader("Retry-After", "30");
            return call.ErrorAsync(429, "rate_limit");
        };
        await gateway.SendAsync("both", stream: false);
        var limited = (await (await gateway.Client.GetAsync($"{Path}/backup")).ReadAsync(200)).GetProperty("targets")[
            0
        ];
        Assert.InRange(
            limited.GetProperty("coolingUntil").GetDateTimeOffset() - gateway.Time.GetUtcNow(),
            TimeSpan.Zero,
            TimeSpan.FromSeconds(30)
        );
    }

    [Fact]
    public async Task Delete_ProviderInUse_IsConflict()
    {
        using var gateway = GatewayHost.Start(("Providers:local:BaseUrl", "http://localhost:11434/v1"));
        await (await gateway.Client.PutAsync($"{Path}/second", """{"kind":"mock"}""")).ReadAsync(201);
        await (
            await gateway.Client.PutAsync(
                "/api/v1/llm/routes/r",
                """{"targets":[{"provider":"second","model":"mock"}]}"""
            )
        ).ReadAsync(201);

        var conflict = await Problem.ReadAsync(await gateway.Client.DeleteAsync($"{Path}/second"), 409);
        Assert.Contains("is a target of r;", conflict.Detail, StringComparison.Ordinal);
        Assert.Equal(204, (int)(await gateway.Client.DeleteAsync("/api/v1/llm/routes/r")).StatusCode);
        Assert.Equal(204, (int)(await gateway.Client.DeleteAsync($"{Path}/second")).StatusCode);

        await Problem.ReadAsync(await gateway.Client.DeleteAsync($"{Path}/second"), 404);
        await Problem.ReadAsync(await gateway.Client.DeleteAsync($"{Path}/local"), 409);
        await Problem.ReadAsync(await gateway.Client.DeleteAsync($"{Path}/mock"), 409);
        await Problem.ReadAsync(await gateway.Client.PutAsync($"{Path}/mock", """{"kind":"mock"}"""), 409);
    }

    /// <summary>A redirect must not take the key to another server.</summary>
    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Chat_ProviderRedirects_KeyStays(int status)
    {
        await using var other = await FakeProvider.StartAsync();
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call =>
        {
            call.SetHeader("Location", $"{other.BaseUrl}/chat/completions");
            return call.JsonAsync(status, "{}");
        };
        using var gateway = GatewayHost.Start(
            ("Providers:moved:ApiKey", Secret),
            ("Providers:moved:BaseUrl", provider.BaseUrl)
        );

        var reply = await Reply.ReadAsync(
            gateway.Client,
            """{"model":"moved/llama","messages":[{"role":"user","content":"Hi"}]}"""
        );

        Assert.Equal(502, reply.Status);
        Assert.NotEmpty(provider.Calls);
        Assert.Empty(other.Calls);
    }

    [Theory]
    [InlineData("p", "{}", Kinds)]
    [InlineData("p", """{"kind":"telepathy"}""", Kinds)]
    [InlineData("p", """{"kind":17}""", "kind: must be a string")]
    [InlineData("p", """{"kind":"openAI","apiKey":"sk"}""", "apiKey: is not a known field")]
    [InlineData("p", """{"kind":"openAICompatible"}""", "baseUrl: is required: this kind has no default")]
    [InlineData(
        "p",
        """{"kind":"mock","baseUrl":"http://localhost"}""",
        "baseUrl: must be absent: the mock has no base URL"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"ftp://localhost/v1"}""",
        "baseUrl: must be an absolute http or https URL"
    )]
    [InlineData("p", """{"kind":"openAI","baseUrl":"/v1"}""", "baseUrl: must be an absolute http or https URL")]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://user:password@localhost/v1"}""",
        "baseUrl: must not have a user, a query or a fragment"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://localhost/v1?key=k"}""",
        "baseUrl: must not have a user, a query or a fragment"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://169.254.169.254/v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://2852039166/v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://[::ffff:169.254.169.254]/v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://[fe80::1]/v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://Metadata.Google.Internal./v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "p",
        """{"kind":"openAI","baseUrl":"http://[64:ff9b::6464:64c8]/v1"}""",
        "baseUrl: must not be a link-local or metadata address"
    )]
    [InlineData(
        "P",
        """{"kind":"mock"}""",
        "name: must be 1 to 64 lower-case letters, digits and hyphens, and not start with a hyphen"
    )]
    [InlineData(
        "openai",
        """{"kind":"openAI","baseUrl":"https://thief.example/v1"}""",
        "baseUrl: must be at https://api.openai.com: the configured key of openai is sent nowhere else"
    )]
    [InlineData(
        "openai",
        """{"kind":"openAICompatible","baseUrl":"http://api.openai.com/v1"}""",
        "baseUrl: must be at https://api.openai.com: the configured key of openai is sent nowhere else"
    )]
    [InlineData(
        "alone",
        """{"kind":"openAICompatible","baseUrl":"https://thief.example/v1"}""",
        "baseUrl: must be configured in Providers:alone:BaseUrl: "
            + "the configured key of alone is sent only to a configured address"
    )]
    public async Task Put_InvalidProvider_ReturnsFieldErrors(string name, string provider, string rule)
    {
        using var gateway = GatewayHost.Start(
            ("Providers:openai:ApiKey", Secret),
            ("Providers:alone:ApiKey", Secret),
            ("Providers:alone:Kind", "Mock")
        );
        Assert.Equal([rule], await Problem.ReadRulesAsync(await gateway.Client.PutAsync($"{Path}/{name}", provider)));
    }

    [Fact]
    public async Task Write_KeyWithoutAdminScope_IsForbidden()
    {
        using var gateway = GatewayHost.Start();
        using var reader = gateway.NewClient(await gateway.CreateKeyAsync("llm", "llm:read", "llm:write"));
        await (await reader.GetAsync(Path)).ReadAsync(200);
        await Problem.ReadAsync(await reader.PutAsync($"{Path}/p", """{"kind":"mock"}"""), 403);
        await Problem.ReadAsync(await reader.DeleteAsync($"{Path}/p"), 403);
    }
}
