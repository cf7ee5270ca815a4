namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Finds the end of a JSON object that arrives in fragments, without keeping them. Not thread-safe.</summary>
internal sealed class JsonObjectEnd
{
    private int _depth;
    private bool _isText;
    private bool _isEscaped;

    /// <summary>Whether the fragments so far are a whole object, as far as brackets and quotes tell.</summary>
    public bool IsReached { get; private set; }

    public void Add(string fragment)
    {
        foreach (var letter in fragment)
        {
            if (_isText)
            {
                _isText = _isEscaped || letter != '"';
                _isEscaped = !_isEscaped && letter == '\\';
            }
            else if (!char.IsWhiteSpace(letter))
            {
                _isText = letter == '"';
                _depth += letter is '{' or '[' ? 1 : letter is '}' or ']' ? -1 : 0;
                IsReached = letter == '}' && _depth == 0;
            }
        }
    }
}
