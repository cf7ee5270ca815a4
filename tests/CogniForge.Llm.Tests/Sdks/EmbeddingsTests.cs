using System.ClientModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;
using OpenAI.Embeddings;

namespace CogniForge.Llm.Tests.Sdks;

public class EmbeddingsTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private static readonly float[] _vector = [0.25f, -1.5f, 3];

    [Theory]
    [InlineData("float")]
    [InlineData("base64")]
    public async Task Embed_FloatOrBase64_PassesThrough(string format)
    {
        gateway.Provider(Api.OpenAI).Behaviour = ResponseAsync;
        var model = gateway.Model(Api.OpenAI);
        using var response = await gateway.Client.PostAsync(
            "/v1/embeddings",
            $$"""{"model":"{{model}}","input":["a","b"],"encoding_format":"{{format}}","dimensions":3,"user":"u"}"""
        );
        var body = await response.ReadAsync(200);
        var vector = body.GetProperty("data")[1].GetProperty("embedding");
        Assert.Equal(
            _vector,
            format == "float"
                ? [.. vector.EnumerateArray().Select(n => n.GetSingle())]
                : MemoryMarshal.Cast<byte, float>(vector.GetBytesFromBase64()).ToArray()
        );
        Assert.Equal(
            $$"""{"model":"{{model}}","input":["a","b"],"encoding_format":"{{format}}","dimensions":3,"user":"u"}""",
            gateway.Provider(Api.OpenAI).Calls[^1].Body.GetRawText()
        );
    }

    [Fact]
    public async Task Embed_OneTextBySdk_Succeeds()
    {
        gateway.Provider(Api.OpenAI).Behaviour = ResponseAsync;
        OpenAIEmbedding one = await Client(gateway.Model(Api.OpenAI)).GenerateEmbeddingAsync("Grüße");
        Assert.Equal(_vector, one.ToFloats().ToArray());
        Assert.Equal("Grüße", gateway.Provider(Api.OpenAI).Calls[^1].Body.GetProperty("input").GetString());
    }

    [Fact]
    public async Task Embed_ServerWithoutBase64_IsConvertedForSdk()
    {
        gateway.Provider(Api.OpenAI).Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.25,-1.5,3]}],
                  "usage":{"prompt_tokens":1,"total_tokens":1},"other":1}
                """
            );
        OpenAIEmbedding one = await Client(gateway.Model(Api.OpenAI)).GenerateEmbeddingAsync("a");
        Assert.Equal(_vector, one.ToFloats().ToArray());
        using var plain = await gateway.Client.PostAsync(
            "/v1/embeddings",
            $$"""{"model":"{{gateway.Model(Api.OpenAI)}}","input":"a"}"""
        );
        Assert.Equal(3, (await plain.ReadAsync(200)).GetProperty("data")[0].GetProperty("embedding").GetArrayLength());
    }

    /// <summary>A server may send base64 although the client requests numbers, or nothing.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(",\"encoding_format\":\"float\"")]
    [InlineData(",\"encoding_format\":\"float\",\"output_dtype\":\"float\"")]
    public async Task Embed_ServerWithOnlyBase64_IsConverted(string fields)
    {
        var vector = await EmbedAsync(fields, "\"AACAPgAAwL8AAEBA\"");

        Assert.Equal(_vector, vector.EnumerateArray().Select(n => n.GetSingle()));
    }

    [Theory]
    [InlineData(",\"encoding_format\":\"base64\"", "\"AACAPgAAwL8AAEBA\"")]
    [InlineData(",\"output_dtype\":\"int8\"", "\"AACAPg==\"")] // Voyage: bytes, not floats
    [InlineData("", "\"AAA=\"")]
    [InlineData("", "\"AADAfw==\"")] // not a number
    [InlineData("", "\"no base64\"")]
    public async Task Embed_TextThatIsNoVector_IsForwarded(string fields, string embedding) =>
        Assert.Equal(embedding, (await EmbedAsync(fields, embedding)).GetRawText());

    private async Task<JsonElement> EmbedAsync(string fields, string embedding)
    {
        gateway.Provider(Api.OpenAI).Behaviour = call =>
            call.JsonAsync(
                200,
                $$"""
                {"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":{{embedding}}}],
                  "usage":{"prompt_tokens":1,"total_tokens":1},"other":1}
                """
            );
        using var response = await gateway.Client.PostAsync(
            "/v1/embeddings",
            $$"""{"model":"{{gateway.Model(Api.OpenAI)}}","input":"a"{{fields}}}"""
        );
        return (await response.ReadAsync(200)).GetProperty("data")[0].GetProperty("embedding").Clone();
    }

    [Fact]
    public async Task Embed_SeveralTextsBySdk_Succeeds()
    {
        gateway.Provider(Api.OpenAI).Behaviour = ResponseAsync;
        OpenAIEmbeddingCollection all = await Client(gateway.Model(Api.OpenAI))
            .GenerateEmbeddingsAsync(["a", "b", "c"], new EmbeddingGenerationOptions { Dimensions = 3 });
        Assert.Equal([0, 1, 2], all.Select(e => e.Index));
        Assert.All(all, e => Assert.Equal(_vector, e.ToFloats().ToArray()));
        Assert.Equal((6, 6), (all.Usage.InputTokenCount, all.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task Embed_TokensBySdk_Succeeds()
    {
        gateway.Provider(Api.OpenAI).Behaviour = ResponseAsync;
        OpenAIEmbeddingCollection all = await Client(gateway.Model(Api.OpenAI))
            .GenerateEmbeddingsAsync([new ReadOnlyMemory<int>([1, 2]), new ReadOnlyMemory<int>([3])]);
        Assert.Equal(2, all.Count);
        Assert.Equal("[[1,2],[3]]", gateway.Provider(Api.OpenAI).Calls[^1].Body.GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task Embed_AnthropicModel_ReturnsBadRequest()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client(gateway.Model(Api.Anthropic)).GenerateEmbeddingAsync("a")
        );
        Assert.Equal(400, error.Status);
        Assert.Contains("embeddings", error.Message, StringComparison.Ordinal);
    }

    private static Task ResponseAsync(FakeCall call)
    {
        var input = call.Body.GetProperty("input");
        var count = input.ValueKind == JsonValueKind.Array ? input.GetArrayLength() : 1;
        var asBase64 =
            call.Body.TryGetProperty("encoding_format", out var encoding) && encoding.GetString() == "base64";
        JsonNode Vector() =>
            asBase64
                ? Convert.ToBase64String(MemoryMarshal.AsBytes(_vector.AsSpan()))
                : new JsonArray([.. _vector.Select(x => (JsonNode)x)]);
        var data = Enumerable
            .Range(0, count)
            .Select(i =>
                (JsonNode)
                    new JsonObject
                    {
                        ["object"] = "embedding",
                        ["index"] = i,
                        ["embedding"] = Vector(),
                    }
            );
        return call.JsonAsync(
            200,
            new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. data]),
                ["model"] = call.Model,
                ["usage"] = new JsonObject { ["prompt_tokens"] = 2 * count, ["total_tokens"] = 2 * count },
            }.ToJsonString()
        );
    }

    private EmbeddingClient Client(string model)
    {
        var sdk = new OpenAiSdk(gateway.Address, "cf_dev");
        return new(model, sdk.Credential, sdk.Options);
    }
}
