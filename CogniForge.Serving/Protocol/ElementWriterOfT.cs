using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Writes one value so that <see cref="ElementReader{T}"/> reads back the same value.</summary>
internal delegate void ElementWriter<in T>(Utf8JsonWriter json, T value);
