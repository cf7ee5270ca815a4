using CogniForge.Llm.Tests.Protocols;
using OpenAI.Embeddings;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The model that needs no account, by both SDKs.</summary>
public class MockSdkTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string City =
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"required":["city","days"],"additionalProperties":false}""";

    public static TheoryData<Api, bool> Ways =>
        new()
        {
            { Api.OpenAI, false },
            { Api.OpenAI, true },
            { Api.Anthropic, false },
            { Api.Anthropic, true },
        };

    [Theory, MemberData(nameof(Ways))]
    public async Task Chat_Anything_IsSaidBack(Api client, bool stream)
    {
        var response = await AskAsync(client, stream, Question.Create("Grüße 👋") with { System = "Be brief." });
        Assert.Equal(("You said: Grüße 👋", Finish.Stop, "mock"), (response.Text, response.Finish, response.Model));
        Assert.Equal(new(5, 5), response.Tokens);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Chat_BeyondTheLimit_IsCut(Api client, bool stream)
    {
        var response = await AskAsync(client, stream, Question.Create("Hello") with { MaxTokens = 2 });
        Assert.Equal(("You said", Finish.Length), (response.Text, response.Finish));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Tools_NamedInTheQuestion_AreCalledOnce(Api client, bool stream)
    {
        var question = Question.Create("Please get_weather and get_time") with
        {
            Tools = [new("get_weather", "W", City), new("get_time", "T", City), new("never", "N", City)],
        };
        var response = await AskAsync(client, stream, question);
        Assert.Equal(("", Finish.Calls), (response.Text, response.Finish));
        Assert.Equal(["get_weather", "get_time"], response.Calls.Select(c => c.Name));
        Assert.All(
            response.Calls,
            c => Wire.AssertEqual("""{"city":"Please get_weather and get_time","days":1}""", Wire.Node(c.Arguments))
        );

        var next = question with
        {
            Turns =
            [
                .. question.Turns,
                new("assistant", null) { Calls = response.Calls },
                new("user", null) { Results = [.. response.Calls.Select(c => new Result(c.Id, "Rain"))] },
            ],
        };
        Assert.Equal(("You said: Please get_weather and get_time", Finish.Stop), await TextAsync(client, stream, next));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Tools_ByChoice_AreCalled(Api client, bool stream)
    {
        var question = Question.Create("Hello") with { Tools = [new("f", "F", City), new("g", "G", City)] };
        Assert.Empty((await AskAsync(client, stream, question)).Calls);
        Assert.Equal("f", Assert.Single((await AskAsync(client, stream, question with { Choice = "any" })).Calls).Name);
        Assert.Equal("g", Assert.Single((await AskAsync(client, stream, question with { Choice = "g" })).Calls).Name);
        Assert.Empty(
            (
                await AskAsync(client, stream, Question.Create("f") with { Tools = question.Tools, Choice = "none" })
            ).Calls
        );
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task StructuredOutput_Schema_IsKept(Api client, bool stream)
    {
        var response = await AskAsync(client, stream, Question.Create("Zürich") with { Schema = City });
        Wire.AssertEqual("""{"city":"Zürich","days":1}""", Wire.Node(response.Text));
    }

    [Theory]
    [InlineData(Api.OpenAI)]
    [InlineData(Api.Anthropic)]
    public async Task Chat_WithAPictureOfTenMegabytes_IsTaken(Api client)
    {
        var picture = new Picture("image/png", Convert.ToBase64String(new byte[10_000_000]));
        var response = await AskAsync(
            client,
            stream: false,
            new() { Turns = [Turn.User("What is it?") with { Picture = picture }] }
        );
        Assert.Equal("You said: What is it?", response.Text);
    }

    [Fact]
    public async Task Embed_Texts_AreNearWhenTheyShareWords()
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
        double Likeness(int a, int b) => Vector(a).Zip(Vector(b), (x, y) => (double)x * y).Sum();
        Assert.All(
            Enumerable.Range(0, 3),
            i => Assert.Equal((64, 1.0), (Vector(i).Length, Math.Round(Likeness(i, i), 4)))
        );
        Assert.True(Likeness(0, 1) > Likeness(0, 2) + 0.2, $"{Likeness(0, 1)} and {Likeness(0, 2)}");
    }

    private Task<Answer> AskAsync(Api client, bool stream, Question question) =>
        gateway.Sdk(client).AskAsync("mock", question, stream);

    private async Task<(string, Finish)> TextAsync(Api client, bool stream, Question question)
    {
        var response = await AskAsync(client, stream, question);
        return (response.Text, response.Finish);
    }
}
