using System.Collections;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// The errors of a request: the first <see cref="Max"/>, then one entry for all others. A reader stops at
/// <see cref="IsFull"/>, so that no request costs more than that.
/// </summary>
public sealed class FieldErrors : IReadOnlyList<FieldError>
{
    /// <summary>The maximum number of errors that are reported one by one.</summary>
    public const int Max = 20;

    /// <summary>The maximum length of a reported path, in characters; a client's names may be longer.</summary>
    public const int MaxPathLength = 200;

    private static readonly FieldError _more = new("", $"has more errors; only the first {Max} are listed");
    private readonly List<FieldError> _errors = [];

    /// <summary>Whether further errors are only counted as more.</summary>
    public bool IsFull => _errors.Count > Max;

    /// <inheritdoc/>
    public int Count => _errors.Count;

    /// <inheritdoc/>
    public FieldError this[int index] => _errors[index];

    /// <summary>Reads errors until there are too many.</summary>
    /// <param name="errors">The errors, read lazily.</param>
    public static FieldErrors From(IEnumerable<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var all = new FieldErrors();
        foreach (var error in errors)
        {
            all.Add(error);
            if (all.IsFull)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>Adds an error; one too many becomes the entry for all others.</summary>
    /// <param name="error">The error.</param>
    public void Add(FieldError error)
    {
        if (_errors.Count < Max)
        {
            _errors.Add(
                error.Path?.Length > MaxPathLength ? error with { Path = $"{error.Path[..MaxPathLength]}…" } : error
            );
        }
        else if (_errors.Count == Max)
        {
            _errors.Add(_more);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<FieldError> GetEnumerator() => _errors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
