using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An agent with one tool, which keeps of a response what the SDKs of its protocol keep.</summary>
/// <param name="path">The path of the protocol.</param>
/// <param name="model">The model.</param>
/// <param name="stream">Whether it streams.</param>
internal abstract class AgentClient(string path, string model, bool stream)
{
    public static Dictionary<string, Func<string, bool, AgentClient>> All { get; } =
        new()
        {
            ["chat"] = (model, stream) => new ChatAgent(model, stream),
            ["messages"] = (model, stream) => new MessagesAgent(model, stream),
            ["responses"] = (model, stream) => new ResponsesAgent(model, stream),
        };

    /// <summary>The text of the last response.</summary>
    public string Text { get; protected set; } = "";

    /// <summary>The calls of the last response: their ids and names.</summary>
    public List<(string Id, string Name)> Calls { get; } = [];

    protected JsonArray History { get; } = [];

    public async Task SendAsync(HttpClient client, string text)
    {
        History.Add((JsonNode)new JsonObject { ["role"] = "user", ["content"] = text });
        await SendAsync(client);
    }

    /// <summary>Sends the same result for every call of the last response.</summary>
    public async Task SendResultAsync(HttpClient client, string result)
    {
        Assert.NotEmpty(Calls);
        foreach (var item in Results(result))
        {
            History.Add((JsonNode)item);
        }

        await SendAsync(client);
    }

    /// <summary>The rest of the request: its history and the tool <c>look</c>.</summary>
    protected abstract JsonObject Request();

    /// <summary>The items of the history that return a result for each call.</summary>
    protected abstract IEnumerable<JsonObject> Results(string result);

    /// <summary>Adds a whole response to the history.</summary>
    protected abstract void Add(JsonObject response);

    /// <summary>Adds a stream to the history.</summary>
    protected abstract void Add(IReadOnlyList<JsonObject> events);

    protected static JsonObject Pick(JsonObject source, params string[] names) =>
        new(names.Where(source.ContainsKey).Select(n => KeyValuePair.Create(n, source[n]?.DeepClone())));

    private async Task SendAsync(HttpClient client)
    {
        Text = "";
        Calls.Clear();
        var request = Request();
        request["model"] = model;
        request["stream"] = stream;
        using var response = await client.PostAsync(path, request.ToJsonString());
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        if (!stream)
        {
            Add(JsonNode.Parse(body)!.AsObject());
            return;
        }

        var events = SseParser
            .Create(new MemoryStream(Encoding.UTF8.GetBytes(body)))
            .Enumerate()
            .Where(e => e.Data != "[DONE]")
            .Select(e => JsonNode.Parse(e.Data)!.AsObject())
            .ToList();
        Assert.DoesNotContain(events, e => e.ContainsKey("error") && e["error"] is not null);
        Add(events);
    }
}
