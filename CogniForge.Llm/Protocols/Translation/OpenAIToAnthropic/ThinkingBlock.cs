using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>A thinking block in progress.</summary>
/// <param name="start">The block at its start.</param>
internal sealed class ThinkingBlock(JsonObject start)
{
    private readonly Dictionary<string, StringBuilder> _texts = [];

    public void Append(string member, string text)
    {
        if (!_texts.TryGetValue(member, out var builder))
        {
            _texts[member] = builder = new(start[member].Text());
        }

        builder.Append(text);
    }

    /// <summary>The whole block; to be called once, at its end.</summary>
    public JsonObject ToJson()
    {
        foreach (var (member, text) in _texts)
        {
            start[member] = text.ToString();
        }

        return start;
    }
}
