using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>A field that a model refuses is dropped and named, so that a fallback to the model works.</summary>
public sealed class UnsupportedFieldsTests
{
    [Theory]
    [InlineData("openai", "gpt-5-mini", "{}", "temperature, top_p, presence_penalty, stop")]
    [InlineData("azure", "o3", "{}", "temperature, top_p, presence_penalty, stop")]
    [InlineData("openai", "o1", """{"stop":"x"}""", "temperature, top_p, presence_penalty")]
    [InlineData("openai", "gpt-4.1", """{"temperature":0,"top_p":0.5,"presence_penalty":1,"stop":"x"}""", null)]
    public async Task Chat_SamplingOfReasoningModel_IsDroppedAndNamed(
        string provider,
        string model,
        string sent,
        string? dropped
    ) =>
        Assert.Equal(
            (sent, dropped),
            await SendAsync(
                provider,
                model,
                """
                "temperature":0,"top_p":0.5,"presence_penalty":1,"stop":"x"
                """,
                ["temperature", "top_p", "presence_penalty", "stop"]
            )
        );

    /// <summary>eigent-ai/eigent#1827: Codex always sends a cache key.</summary>
    [Fact]
    public async Task Chat_FieldsUnknownToGroq_AreDroppedAndNamed() =>
        Assert.Equal(
            ("{}", "prompt_cache_key, verbosity"),
            await SendAsync(
                "groq",
                "openai/gpt-oss-120b",
                """
                "prompt_cache_key":"k","verbosity":"low"
                """,
                ["prompt_cache_key", "verbosity"]
            )
        );

    private static async Task<(string Sent, string? Dropped)> SendAsync(
        string provider,
        string model,
        string request,
        string[] fields
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret")
        );
        var body = $$"""{"model":"{{provider}}/{{model}}","messages":[{"role":"user","content":"Hi"}],{{request}}}""";
        return await gateway.SendAsync(fake, "/v1/chat/completions", body, fields);
    }
}
