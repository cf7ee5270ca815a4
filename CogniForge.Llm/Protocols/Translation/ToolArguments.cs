using System.Globalization;
using System.Text;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// The arguments of one call as they arrive. Repairs what models and servers get wrong without waiting for the end: an
/// object passes at once, and anything else waits, e.g. an object encoded twice. Not thread-safe.
/// </summary>
internal sealed class ToolArguments
{
    private const string Escapable = "\"\\/bfnrtu";

    private readonly StringBuilder _text = new(); // of the object
    private readonly StringBuilder _waiting = new(); // what does not begin as an object, or may be an empty one
    private int _depth;
    private int _sent;
    private bool _isInString;
    private bool _isEscaped;

    /// <summary>Whether the object has ended, or is empty so far.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether an object has begun, so that its text was sent.</summary>
    public bool IsObject => _text.Length > 0;

    /// <summary>The text of the object; that of anything else if there is none.</summary>
    public override string ToString() => (IsObject ? _text : _waiting).ToString();

    /// <summary>Adds a fragment. What follows the end of the object is ignored.</summary>
    /// <returns>The part of the object to send; empty: none.</returns>
    public string Add(string fragment)
    {
        foreach (var c in fragment)
        {
            if (IsObject)
            {
                AddToObject(c);
            }
            else
            {
                Wait(c);
            }
        }

        var added = _text.ToString(_sent, _text.Length - _sent);
        _sent = _text.Length;
        return added;
    }

    /// <summary>An empty object is dropped: some servers begin with one.</summary>
    private void Wait(char c)
    {
        var isBrace = _waiting.Length == 1 && _waiting[0] == '{';
        if ((_waiting.Length == 0 || isBrace) && (char.IsWhiteSpace(c) || (IsComplete && !isBrace && c != '{')))
        {
            return;
        }

        _waiting.Append(c);
        if (!isBrace)
        {
            return;
        }

        _waiting.Clear();
        IsComplete = c == '}';
        if (c != '}')
        {
            _text.Append('{');
            _depth = 1;
            AddToObject(c);
        }
    }

    private void AddToObject(char c)
    {
        if (_depth == 0)
        {
            return;
        }

        if (_isInString)
        {
            AddToString(c);
            return;
        }

        _text.Append(c);
        _isInString = c == '"';
        _depth += c switch
        {
            '{' or '[' => 1,
            '}' or ']' => -1,
            _ => 0,
        };
        IsComplete = _depth == 0;
    }

    /// <summary>Escapes line breaks and backslashes that the model did not.</summary>
    private void AddToString(char c)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            _text.Append(Escapable.Contains(c, StringComparison.Ordinal) ? "\\" : "\\\\");
            if (Escapable.Contains(c, StringComparison.Ordinal))
            {
                _text.Append(c);
                return;
            }
        }

        switch (c)
        {
            case '\\':
                _isEscaped = true;
                break;
            case < ' ':
                _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
            default:
                _isInString = c != '"';
                _text.Append(c);
                break;
        }
    }
}
