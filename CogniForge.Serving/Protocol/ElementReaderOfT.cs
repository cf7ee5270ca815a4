using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Reads the value at <paramref name="json"/>; false if the datatype does not allow it.</summary>
/// <remarks>Readers of numeric datatypes are called for JSON numbers and null only.</remarks>
internal delegate bool ElementReader<T>(ref Utf8JsonReader json, [MaybeNullWhen(false)] out T value);
