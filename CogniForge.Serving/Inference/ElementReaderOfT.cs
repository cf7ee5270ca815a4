using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Inference;

/// <summary>Reads the value at <paramref name="json"/>, or says that it is none of the datatype; of a numeric datatype it is only asked for numbers.</summary>
internal delegate bool ElementReader<T>(ref Utf8JsonReader json, [MaybeNullWhen(false)] out T value);
