### remedy
