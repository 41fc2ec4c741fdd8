^XA
^FXA 4 by 3 inch label at 8 dots per millimetre, drawn for Platen.
^PW812^LL609^CI28
^FO30,30^GB752,549,4^FS
^FO60,70^A0N,90,90^FDPlaten^FS
^FO60,180^A0N,36,36^FDEvery byte, as it went in^FS
^FO60,250^GB692,3,3^FS
^FO60,290^BY3^BCN,140,Y,N,N^FDPLATEN-0001^FS
^FO60,500^A0N,28,28^FDLabel 1 of 2, printed twice^FS
^PQ2
^XZ
^XA
^PW812^LL609^CI28
^FO30,30^GB752,549,4^FS
^FO60,70^A0N,90,90^FDPlaten^FS
^FO60,200^BQN,2,8^FDQA,the plate that presses paper against type^FS
^FO60,500^A0N,28,28^FDLabel 2 of 2^FS
^XZ
