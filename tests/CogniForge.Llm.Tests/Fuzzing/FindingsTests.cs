using System.Text;
using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>Inputs that fuzzing found: each failed a request with 500.</summary>
public class FindingsTests
{
    private const string InvalidName = """{"\ud83d":0}""";

    [Theory]
    [InlineData("""{"\ud83d":0}""")]
    [InlineData("""{"a":"\ude00"}""")]
    public async Task CachedRoute_InvalidUnicodeInUnreadField_BypassesCache(string metadata)
    {
        await using var gateway = GatewayHost.Start(
            ("Routes:fast:Targets:0:Provider", "mock"),
            ("Routes:fast:Targets:0:Model", "m"),
            ("Routes:fast:Cache:Lifetime", "00:01:00")
        );

        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"fast","messages":[{"role":"user","content":"a"}],"metadata":{{metadata}}}"""
        );

        await response.ReadAsync(200);
    }

    [Fact]
    public void InputBound_InvalidName_IsUnbounded() =>
        Assert.Equal(
            int.MaxValue,
            InputTokenUpperBound.Estimate(JsonElement.Parse($$"""{"response_format":{{InvalidName}}}"""))
        );

    [Fact]
    public void ProviderError_InvalidName_IsClassifiedByStatus() =>
        Assert.Equal(
            ErrorCategory.RateLimited,
            ProviderErrorClassifier.ClassifyResponse(429, Encoding.UTF8.GetBytes(InvalidName), null).Category
        );

    [Fact]
    public void StrictJson_InvalidName_ThrowsJsonException() =>
        Assert.Throws<JsonException>(() => StrictJson.Parse(Encoding.UTF8.GetBytes($$"""{"a":[{{InvalidName}}]}""")));

    [Fact]
    public void Embeddings_DuplicateName_ThrowsJsonException()
    {
        var body = """{"data":[{"embedding":[1],"embedding":[2]}]}"""u8.ToArray();
        var request = JsonElement.Parse("""{"encoding_format":"base64"}""");

        Assert.Throws<JsonException>(() =>
            ProtocolAdapters.For(Protocol.Embeddings).ConvertToRequestedFormat(request, JsonElement.Parse(body), body)
        );
    }
}
