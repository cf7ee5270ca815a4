using CogniForge.Llm.Tests.Protocols;
using OpenAI.Embeddings;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The mock model through both SDKs.</summary>
public class MockSdkTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string City =
        """
        {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},
          "required":["city","days"],"additionalProperties":false}
        """;

    public static TheoryData<Api, bool> Combinations =>
        new()
        {
            { Api.OpenAI, false },
            { Api.OpenAI, true },
            { Api.Anthropic, false },
            { Api.Anthropic, true },
        };

    [Theory, MemberData(nameof(Combinations))]
    public async Task Chat_AnyText_IsEchoed(Api client, bool stream)
    {
        var response = await SendAsync(client, stream, ChatRequest.Create("Grüße 👋") with { System = "Be brief." });
        Assert.Equal(
            ("You said: Grüße 👋", FinishReason.Stop, "mock"),
            (response.Text, response.FinishReason, response.Model)
        );
        Assert.Equal(new(5, 5), response.Tokens);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task Chat_BeyondLimit_IsTruncated(Api client, bool stream)
    {
        var response = await SendAsync(client, stream, ChatRequest.Create("Hello") with { MaxTokens = 2 });
        Assert.Equal(("You said", FinishReason.Length), (response.Text, response.FinishReason));
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task Tools_MentionedInMessage_AreCalledOnce(Api client, bool stream)
    {
        var request = ChatRequest.Create("Please get_weather and get_time") with
        {
            Tools = [new("get_weather", "W", City), new("get_time", "T", City), new("never", "N", City)],
        };
        var response = await SendAsync(client, stream, request);
        Assert.Equal(("", FinishReason.Calls), (response.Text, response.FinishReason));
        Assert.Equal(["get_weather", "get_time"], response.Calls.Select(c => c.Name));
        Assert.All(
            response.Calls,
            c => Wire.AssertEqual("""{"city":"Please get_weather and get_time","days":1}""", Wire.Node(c.Arguments))
        );

        var next = request with
        {
            Turns =
            [
                .. request.Turns,
                new("assistant", null) { Calls = response.Calls },
                new("user", null) { Results = [.. response.Calls.Select(c => new ToolResult(c.Id, "Rain"))] },
            ],
        };
        Assert.Equal(
            ("You said: Please get_weather and get_time", FinishReason.Stop),
            await TextAsync(client, stream, next)
        );
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task Tools_SelectedByChoice_AreCalled(Api client, bool stream)
    {
        var request = ChatRequest.Create("Hello") with { Tools = [new("f", "F", City), new("g", "G", City)] };
        Assert.Empty((await SendAsync(client, stream, request)).Calls);
        Assert.Equal("f", Assert.Single((await SendAsync(client, stream, request with { Choice = "any" })).Calls).Name);
        Assert.Equal("g", Assert.Single((await SendAsync(client, stream, request with { Choice = "g" })).Calls).Name);
        Assert.Empty(
            (
                await SendAsync(client, stream, ChatRequest.Create("f") with { Tools = request.Tools, Choice = "none" })
            ).Calls
        );
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task StructuredOutput_Schema_IsMatched(Api client, bool stream)
    {
        var response = await SendAsync(client, stream, ChatRequest.Create("Zürich") with { Schema = City });
        Wire.AssertEqual("""{"city":"Zürich","days":1}""", Wire.Node(response.Text));
    }

    [Theory]
    [InlineData(Api.OpenAI)]
    [InlineData(Api.Anthropic)]
    public async Task Chat_TenMegabyteImage_Succeeds(Api client)
    {
        var image = new Image("image/png", Convert.ToBase64String(new byte[10_000_000]));
        var response = await SendAsync(
            client,
            stream: false,
            new() { Turns = [Turn.User("What is it?") with { Image = image }] }
        );
        Assert.Equal("You said: What is it?", response.Text);
    }

    [Fact]
    public async Task Embed_TextsWithCommonWords_AreSimilar()
    {
        var sdk = new OpenAiSdk(gateway.Address, "cf_dev");
        OpenAIEmbeddingCollection all = await new EmbeddingClient(
            "mock",
            sdk.Credential,
            sdk.Options
        ).GenerateEmbeddingsAsync(
            ["the cat sat", "the cat ran", "tax forms"],
            new EmbeddingGenerationOptions { Dimensions = 64 }
        );
        float[] Vector(int i) => all[i].ToFloats().ToArray();
        double Similarity(int a, int b) => Vector(a).Zip(Vector(b), (x, y) => (double)x * y).Sum();
        Assert.All(
            Enumerable.Range(0, 3),
            i => Assert.Equal((64, 1.0), (Vector(i).Length, Math.Round(Similarity(i, i), 4)))
        );
        Assert.True(Similarity(0, 1) > Similarity(0, 2) + 0.2, $"{Similarity(0, 1)} and {Similarity(0, 2)}");
    }

    private Task<ChatResponse> SendAsync(Api client, bool stream, ChatRequest request) =>
        gateway.Sdk(client).SendAsync("mock", request, stream);

    private async Task<(string, FinishReason)> TextAsync(Api client, bool stream, ChatRequest request)
    {
        var response = await SendAsync(client, stream, request);
        return (response.Text, response.FinishReason);
    }
}
