using CogniForge.Llm.Providers;

namespace CogniForge.Llm.Gateway;

/// <summary>Bounds the output of a stream that is translated, which the translation keeps until the end.</summary>
/// <param name="beforeBytes">Awaited before memory for so many more bytes is taken.</param>
internal sealed class TranslatedOutput(Func<long, CancellationToken, ValueTask> beforeBytes)
{
    private const int MaxUncountedBytes = 64 * 1024;

    // What surrounds the text of an event; the rest, such as log probabilities, is kept too.
    private const int MaxEnvelope = 512;

    private long _bytes;
    private long _counted = MaxUncountedBytes;

    /// <summary>Adds an event; waits before a long output needs more memory.</summary>
    /// <param name="characters">The characters of its text.</param>
    /// <param name="bytes">The size of the whole event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProviderException">The output is longer than that of a whole response may be.</exception>
    public async ValueTask AddAsync(int characters, int bytes, CancellationToken cancellationToken)
    {
        _bytes += Math.Max(characters, bytes - MaxEnvelope);
        if (_bytes > HttpProviderErrors.MaxTranslatedBytes)
        {
            throw HttpProviderErrors.TooLarge(HttpProviderErrors.MaxTranslatedBytes);
        }

        for (; _bytes > _counted; _counted *= 2)
        {
            await beforeBytes(_counted, cancellationToken);
        }
    }
}
