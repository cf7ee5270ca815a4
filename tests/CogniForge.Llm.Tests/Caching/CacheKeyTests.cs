using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Caching;

public class CacheKeyTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[{"c":1,"d":2}]}""", """ { "b" : [ {"d":2.0,"c":1e0} ], "a" : 1.00 } """)]
    [InlineData("""{"a":"\u0041é"}""", """{"a":"A\u00e9"}""")]
    [InlineData("""{"a":1}""", """{"a":1,"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"a":0}""", """{"a":-0.0}""")]
    public void Compute_EquivalentJson_IsEqual(string one, string other) =>
        Assert.Equal(Key(one), Key(other));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":null}""", """{}""")]
    [InlineData("""{"a":1e300}""", """{"a":1e301}""")]
    [InlineData("""{"a":0.1}""", """{"a":0.10000000000000001}""")]
    [InlineData("""{"a":{"stream":true}}""", """{"a":{}}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    public void Compute_DifferentJson_IsDifferent(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Fact]
    public void Compute_OtherOwnerRouteOrProtocol_IsDifferent()
    {
        var body = JsonDocument.Parse("{}").RootElement;
        string[] keys =
        [
            CacheKey.Compute("a", "r", Protocol.ChatCompletions, body),
            CacheKey.Compute("b", "r", Protocol.ChatCompletions, body),
            CacheKey.Compute("a", "s", Protocol.ChatCompletions, body),
            CacheKey.Compute("a", "r", Protocol.Messages, body),
        ];
        Assert.Equal(4, keys.Distinct().Count());
    }

    [Fact]
    public void Compute_ShuffledJson_IsEqual()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var json = Generate(random, 0);
            Assert.Equal(
                Key(json.ToJsonString()),
                Key(Shuffle(json, random).ToJsonString(new JsonSerializerOptions { WriteIndented = true }))
            );
        }
    }

    private static string Key(string json) =>
        CacheKey.Compute("a", "r", Protocol.ChatCompletions, JsonDocument.Parse(json).RootElement);

    private static JsonObject Generate(Random random, int depth)
    {
        var value = new JsonObject();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            value[$"k{random.Next(100)}"] = random.Next(depth > 3 ? 3 : 5) switch
            {
                0 => random.Next(-1000, 1000) / 8m,
                1 => $"é{random.Next()}\n",
                2 => random.Next(2) == 0,
                3 => Generate(random, depth + 1),
                _ => new JsonArray(Generate(random, depth + 1), random.Next()),
            };
        }

        return value;
    }

    private static JsonNode Shuffle(JsonNode node, Random random) =>
        node switch
        {
            JsonObject o => new JsonObject(
                o.OrderBy(_ => random.Next())
                    .Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Shuffle(m.Value, random)))
            ),
            JsonArray a => new JsonArray([.. a.Select(i => i is null ? null : Shuffle(i, random))]),
            _ => node.DeepClone(),
        };
}
